"""One line a request, as JSON, with an id that an error page shows too."""

from __future__ import annotations

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request


def install(app: Flask) -> None:
    """Log every request once; what a person typed is never logged."""
    configure(app.config["FORUM_LOG_LEVEL"])
    app.before_request(_begin)
    app.after_request(_end)


def configure(level_name: str) -> None:
    """Write lines of this level and above to standard error, whoever reads it."""
    level = logging.getLevelNamesMapping()[level_name.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _begin() -> None:
    g.request_id = uuid.uuid4().hex[:12]
    g.began = time.monotonic()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    structlog.get_logger().debug(
        "request",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        ms=round((time.monotonic() - g.get("began", time.monotonic())) * 1000, 1),
    )
    structlog.contextvars.clear_contextvars()
    return response
