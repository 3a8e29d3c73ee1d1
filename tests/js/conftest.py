"""A tiny server with the forum's content policy, and a browser that hears errors."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


class Forum:
    """What the pretended forum answers and what it was sent."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.key = "key-1"
        self.version = 0
        self.saved: list[str] = []
        self.uploads: list[str] = []
        self.seen: list[str] = []
        self.address = ""
        self.delay = 0.0

    def save_draft(self, body: str) -> tuple[int, dict[str, Any]]:
        """Answer an autosave as the drafts route does."""
        if self.mode == "conflict":
            message = "Changed in another tab."
            return 409, {"message": message, "theirs_url": "/other", "version": 9}
        if self.mode == "signed_out":
            return 401, {"message": "Sign in"}
        if self.mode == "broken":
            return 500, {}
        time.sleep(self.delay)
        self.version += 1
        self.saved.append(body)
        return 200, {"key": "k", "version": self.version, "saved_label": "14:02"}


def _handler(forum: Forum) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Say nothing: tests speak."""

        def _send(self, code: int, body: str | bytes, kind: str = "text/html") -> None:
            data = body.encode() if isinstance(body, str) else body
            self.send_response(code)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            forum.seen.append(path)
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                self._send(200, file.read_bytes(), TYPES[file.suffix])
            elif path == "/fragment":
                self._send(200, '<pre id="new" data-behaviour="copy-text">new</pre>')
            elif path in ("/editor", "/reading"):
                page = (HERE / "pages" / f"{path[1:]}.html").read_text("utf-8")
                self._send(200, page.replace("{{KEY}}", forum.key))
            else:
                self._send(200, "<title>Other</title>")

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
            body = raw.decode("utf-8", "replace")
            forum.seen.append(self.path)
            if self.path == "/drafts":
                known = self.headers["X-CSRFToken"] == "token-1"
                code, answer = forum.save_draft(body) if known else (400, {})
                self._send(code, json.dumps(answer), "application/json")
            elif self.path == "/files":
                self._upload(body)
            elif self.path == "/preview":
                self._send(200, f"<p>Preview of {len(body)}</p>")
            elif self.path == "/ticks":
                self._send(
                    200,
                    '<p data-ticks="progress">1 of 1</p><form data-ticks="step-1">'
                    '<input type="checkbox" checked id="tick-1"></form>',
                )
            else:
                page = (HERE / "pages" / "done.html").read_text("utf-8")
                self._send(200, page.replace("{{KEY}}", forum.key))

        def _upload(self, body: str) -> None:
            forum.uploads.append(body)
            if forum.mode == "too_large":
                answer = {"message": "That picture is too large."}
                self._send(413, json.dumps(answer), "application/json")
                return
            answer = {"id": 12, "url": "/files/12/a.png", "name": "a.png"}
            answer["markdown"] = "![](/files/12/a.png)"
            self._send(201, json.dumps(answer), "application/json")

    return Handler


@pytest.fixture
def forum() -> Iterator[Forum]:
    """A pretended forum on a free port."""
    state = Forum()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def context(chromium: Any, forum: Forum) -> Iterator[Any]:
    """A person's browser; any complaint of it, the network's apart, fails the test."""
    complaints: list[str] = []
    person = chromium.new_context(base_url=forum.address)
    person.set_default_timeout(6000)

    def hear(page: Any) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )

    person.on("page", hear)
    person.complaints = complaints
    yield person
    person.close()
    assert complaints == []
