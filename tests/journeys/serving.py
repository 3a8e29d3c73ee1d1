"""A forum behind a real server, and browsers that notice what pages may not do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from forum import create_app
from forum.errors import Conflict, Invalid, NotAllowed
from forum.extensions import db
from forum.models import Base
from tests import factories

PATIENCE_MS = 20_000
# Chromium says so of each answer that is an error; those are looked at by themselves.
NOISE = ("Failed to load resource",)


class Forum:
    """A forum that answers on a port of its own."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app = app
        self.address = address

    def cookie_of(self, person_id: int) -> dict[str, Any]:
        """Return the cookie of a browser in which somebody is logged in."""
        client = factories.logged_in(self.app, person_id)
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        return {"name": name, "value": cookie.value, "url": self.address}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_args: Any, **_more: Any) -> None:
        """Say nothing: tests speak."""


@contextmanager
def serving(data: Path) -> Iterator[Forum]:
    """Serve an empty forum on a database of its own until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    behind: list[Flask] = []
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: behind[0](environ, start),
        threaded=True,
        request_handler=_Quiet,
    )
    address = f"http://127.0.0.1:{server.server_port}"
    app = create_app(
        {
            "FORUM_DATA": str(data),
            "FORUM_DATABASE_URL": f"sqlite:///{data / 'forum.db'}",
            "FORUM_SECRET_KEY": "a secret that only journeys use",
            "FORUM_SITE_URL": address,
            "RATELIMIT_ENABLED": False,
        }
    )
    _add_errors(app)
    behind.append(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Forum(app, address)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _add_errors(app: Flask) -> None:
    """Give the forum addresses that fail in each way a view can fail."""
    refusals = {
        403: NotAllowed("entry.owner_or_facilitator"),
        409: Conflict(),
        422: Invalid({"title": "entry.title_missing"}),
    }

    def fail(status: int) -> None:
        raise refusals.get(status, RuntimeError("a view broke"))

    app.add_url_rule("/fails/<int:status>", "fails", fail, methods=["GET", "POST"])


class Watched:
    """A browser of one person; it keeps what a page did that no page may do."""

    def __init__(self, context: Any, forum: Forum) -> None:
        self.context = context
        self.forum = forum
        self.faults: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._leaves)
        context.on("response", self._fails)
        context.on("console", self._complains)
        context.on("weberror", lambda said: self.faults.append(f"error: {said.error}"))

    def _leaves(self, request: Any) -> None:
        inside = (f"{self.forum.address}/", "data:", "blob:", "about:")
        if not request.url.startswith(inside):
            self.faults.append(f"leaves: {request.url[:200]}")

    def _fails(self, response: Any) -> None:
        # A page that refuses, a text that names a file which is not there, and what a
        # script is answered are no fault of a page of ours.
        kind, status = response.request.resource_type, response.status
        if "/fails/" in response.url or (status < 500 and "/files/" in response.url):
            return
        if status >= 500 or (
            status >= 400 and kind not in ("document", "fetch", "xhr")
        ):
            self.faults.append(f"{status}: {response.url[:200]}")

    def _complains(self, said: Any) -> None:
        if said.type == "error" and not said.text.startswith(NOISE):
            self.faults.append(f"console: {said.text[:400]}")

    def log_in(self, person_id: int) -> Watched:
        """Log somebody in without the log-in page."""
        self.context.add_cookies([self.forum.cookie_of(person_id)])
        return self

    def page(self, path: str = "") -> Any:
        """Open a tab, at a path of the forum when one is given."""
        page = self.context.new_page()
        if path:
            go(page, path)
        return page


def go(page: Any, path: str) -> Any:
    """Open a path and wait until the page does all it can."""
    answer = page.goto(path)
    ready(page)
    return answer


def ready(page: Any) -> None:
    """Wait until the scripts of a page have begun; at once where there are none."""
    page.wait_for_load_state("load")
    if page.locator("script[type=module]").count() and scripts_run(page):
        page.locator("html[data-ready]").wait_for(state="attached")


def scripts_run(page: Any) -> bool:
    """Tell whether this browser runs the scripts of pages."""
    return bool(page.evaluate("matchMedia('(scripting: enabled)').matches"))
