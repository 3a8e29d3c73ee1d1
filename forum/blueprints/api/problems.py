"""What went wrong, for programs: application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, json
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from forum.errors import Conflict, Invalid, NotAllowed, NotVisible
from forum.messages import message
from forum.web import error_page, is_api

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 60
_DETAILS = {
    404: "There is no such thing, or not for you.",
    405: "This address takes other methods; the header Allow names them.",
}


class Problem(Schema):
    """The answer to every request that failed."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=False
    )


def problem(
    status: int,
    detail: str = "",
    *,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem; `errors` holds sentences for each field that is wrong."""
    answer: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        answer["detail"] = detail
    if errors:
        answer["errors"] = errors
    response = Response(json.dumps(answer), status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def answer_problems(blueprint: Blueprint) -> None:
    """Answer whatever goes wrong in this blueprint with a problem."""
    handlers: dict[type[Exception] | int, Callable[..., Any]] = {
        NotVisible: lambda _: problem(404, _DETAILS[404]),
        NotAllowed: lambda error: problem(403, message(error.reason)),
        Invalid: _invalid,
        Conflict: lambda _: problem(412, "Somebody saved first. Read it again."),
        RateLimitExceeded: _too_many,
        HTTPException: _http,
        500: lambda _: problem(500, "Something broke here. It has been logged."),
    }
    for error, handler in handlers.items():
        blueprint.register_error_handler(error, handler)


def answer_unknown_paths(app: Flask) -> None:
    """Answer addresses under /api/ that no blueprint has; pages keep their own."""
    for status in (404, 405):
        app.register_error_handler(status, _unknown_path)


def _unknown_path(error: HTTPException) -> ResponseReturnValue:
    return _http(error) if is_api() else error_page(error.code or 404)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    data = getattr(error, "data", {})
    headers = {k: v for k, v in error.get_headers() if k == "Allow"}
    errors = dict(_flat(data.get("messages", {})))
    detail = _DETAILS.get(error.code, str(error.description or ""))
    detail = "" if errors else detail
    return problem(error.code, detail, errors=errors, headers=headers)


def _too_many(_error: RateLimitExceeded) -> ResponseReturnValue:
    wait = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem(429, "Too many requests. Wait a moment.", headers=wait)


def _invalid(error: Invalid) -> ResponseReturnValue:
    errors = {
        _name_in_json(name): [message(key, **error.params)]
        for name, key in error.fields.items()
    }
    return problem(422, errors=errors)


def _name_in_json(name: str) -> str:
    if name.startswith("field-"):
        return f"fields.{name.removeprefix('field-')}"
    return {"body": "body_markdown"}.get(name, name)


def _flat(messages: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Name each wrong value by its path, without where it was sent (JSON, query)."""
    found: list[tuple[str, list[str]]] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                step = "" if key == "_schema" else str(key)
                walk(inner, f"{path}.{step}".strip("."))
        else:
            found.append((path or "body", [str(each) for each in value]))

    for where in messages.values():
        walk(where, "")
    return found
