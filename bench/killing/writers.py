"""Three who write without a pause and repeat what was not answered."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from struct import pack
from urllib.parse import urlencode

PAUSE = 0.05
SECONDS_FOR_AN_ANSWER = 15


@dataclass
class Ledger:
    """What was answered as saved, and every answer that nobody should get."""

    texts: dict[str, str] = field(default_factory=dict)
    last_of_draft: dict[str, str] = field(default_factory=dict)
    files: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    written: int = 0

    def note(self, noun: str, text: str) -> None:
        """Write down that `text` was acknowledged."""
        with self.lock:
            self.texts[text] = noun
            self.written += 1

    def counts(self) -> list[str]:
        """Say how many of each were acknowledged."""
        nouns = Counter(self.texts.values())
        nouns["draft"], nouns["file"] = len(self.last_of_draft), len(self.files)
        return [f"{noun} {count}" for noun, count in sorted(nouns.items())]

    def wait_for(self, more: int, seconds: float) -> None:
        """Wait until so many more were acknowledged; TimeoutError when they are not."""
        target, until = self.written + more, time.monotonic() + seconds
        while self.written < target:
            if time.monotonic() > until:
                raise TimeoutError(f"nobody can write: {self.wrong[-3:]}")
            time.sleep(0.02)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Caller:
    """Somebody who asks again until there is an answer."""

    port: Callable[[], int]
    ledger: Ledger
    done: threading.Event
    headers: dict[str, str]

    def send(
        self, method: str, path: str, body: bytes, expected: int, **headers: str
    ) -> Answer | None:
        """Send until it is answered; None when all is over or the answer is wrong."""
        tries = 0
        while not self.done.is_set() or tries < 100:
            tries += 1
            try:
                answer = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                with self.ledger.lock:
                    self.ledger.lost += 1
                time.sleep(0.1)
                continue
            if answer.status == expected:
                return answer
            if answer.status == 429:
                time.sleep(1)
                continue
            with self.ledger.lock:
                self.ledger.wrong.append(
                    f"{method} {path}: {answer.status} {answer.body[:300]!r}"
                )
            return None
        return None

    def _once(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port(), timeout=SECONDS_FOR_AN_ANSWER
        )
        with contextlib.closing(connection):
            connection.request(method, path, body, {**self.headers, **named})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())


class Writer(threading.Thread):
    """Somebody who writes until all is over."""

    def __init__(self, caller: Caller, step: Callable[[Caller], None]) -> None:
        super().__init__(daemon=True)
        self.caller, self.step = caller, step

    def run(self) -> None:
        """Write, and write again."""
        while not self.caller.done.is_set():
            self.step(self.caller)
            time.sleep(PAUSE)


def writers(
    port: Callable[[], int],
    ledger: Ledger,
    done: threading.Event,
    token: str,
    email: str,
    password: str,
) -> list[Writer]:
    """Start a program that writes entries, one that comments, and a person."""
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def program() -> Caller:
        return Caller(port, ledger, done, dict(bearer))

    space = _json(program(), "spaces", {"name": "Workshop"})
    found = _json(program(), "entries", _entry(space["slug"], "The first"))
    browser = _log_in(Caller(port, ledger, done, {}), email, password)
    tasks: list[tuple[Caller, Callable[[Caller], None]]] = [
        (program(), lambda caller: _write_entry(caller, space["slug"])),
        (program(), lambda caller: _write_comment(caller, found["id"])),
        (browser, lambda caller: _write_by_hand(caller, space["id"], found["id"])),
    ]
    started = [Writer(caller, step) for caller, step in tasks]
    for writer in started:
        writer.start()
    return started


def _json(caller: Caller, noun: str, data: object) -> dict[str, str]:
    answer = caller.send("POST", f"/api/v1/{noun}", json.dumps(data).encode(), 201)
    if answer is None:
        raise RuntimeError(f"cannot begin: {caller.ledger.wrong}")
    return dict(json.loads(answer.body))


def _entry(space: str, text: str) -> dict[str, object]:
    fields = {"problem": "It may be lost"}
    words = {"title": "Kept", "body_markdown": text, "fields": fields}
    return {"kind": "tip", "space": space, **words}


def _new_text(noun: str) -> str:
    return f"{noun} {uuid.uuid4()}"


def _post_json(caller: Caller, path: str, noun: str, data: object, text: str) -> None:
    key = str(uuid.uuid4())
    body = json.dumps(data).encode()
    if caller.send("POST", path, body, 201, Idempotency_Key=key):
        caller.ledger.note(noun, text)


def _write_entry(caller: Caller, space: str) -> None:
    text = _new_text("entry")
    _post_json(caller, "/api/v1/entries", "entry", _entry(space, text), text)


def _write_comment(caller: Caller, entry_id: str) -> None:
    text = _new_text("comment")
    path = f"/api/v1/entries/{entry_id}/comments"
    _post_json(caller, path, "comment", {"body_markdown": text}, text)


def _write_by_hand(caller: Caller, space_id: str, entry_id: str) -> None:
    """Begin a tip, save it twice, add a picture, publish it, and comment."""
    key, text = str(uuid.uuid4()), _new_text("entry")
    form = {"draft_key": key, "kind": "tip", "title": "By hand", "space": space_id}
    form["field-problem"] = "It may be lost"
    for words in (_new_text("draft"), _new_text("draft")):
        saved = {**form, "body": words}
        if _post(caller, "/drafts", saved, 200, Accept="application/json"):
            caller.ledger.last_of_draft[key] = words
            caller.ledger.note("draft saved", words)
    other = {**form, "draft_key": str(uuid.uuid4()), "body": text}
    _upload(caller, other["draft_key"])
    if _post(caller, "/publications", other, 303):
        caller.ledger.note("entry", text)
    comment = _new_text("comment")
    sent = {"draft_key": str(uuid.uuid4()), "body": comment}
    if _post(caller, f"/entries/{entry_id}/comments", sent, 303):
        caller.ledger.note("comment", comment)


def _post(
    caller: Caller, path: str, form: dict[str, str], expected: int, **headers: str
) -> Answer | None:
    token = caller.headers.get("X-CSRFToken", "")
    body = urlencode({**form, "csrf_token": token}).encode()
    kind = "application/x-www-form-urlencoded"
    return caller.send("POST", path, body, expected, Content_Type=kind, **headers)


def _upload(caller: Caller, key: str) -> None:
    line = "--frontier\r\nContent-Disposition: form-data; name="
    head = f'{line}"draft_key"\r\n\r\n{key}\r\n'
    head += f'{line}"file"; filename="dot.png"\r\n\r\n'
    body = head.encode() + _dot() + b"\r\n--frontier--\r\n"
    kind = "multipart/form-data; boundary=frontier"
    headers = {"Content_Type": kind, "Accept": "application/json"}
    answer = caller.send("POST", "/uploads", body, 201, **headers)
    if answer is not None:
        caller.ledger.files.append(json.loads(answer.body)["id"])


def _dot() -> bytes:
    """Return a picture of its own: 24 random points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return pack(">I", len(data)) + name + data + pack(">I", check)

    head = pack(">IIBBBBB", 2, 4, 8, 2, 0, 0, 0)
    points = uuid.uuid4().bytes + uuid.uuid4().bytes[:8]
    rows = b"".join(b"\0" + points[i : i + 6] for i in range(0, 24, 6))
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def _log_in(caller: Caller, email: str, password: str) -> Caller:
    page = caller.send("GET", "/login", b"", 200)
    if page is None:
        raise RuntimeError("there is no log-in page")
    found = re.search(rb'name="csrf[_-]token" (?:value|content)="([^"]+)"', page.body)
    if found is None:
        raise RuntimeError("the log-in page has no token")
    caller.headers["Cookie"] = _cookie(page)
    caller.headers["X-CSRFToken"] = found[1].decode()
    form = {"email": email, "password": password}
    answer = _post(caller, "/login", form, 303)
    if answer is None:
        raise RuntimeError("cannot log in")
    caller.headers["Cookie"] = _cookie(answer)
    return caller


def _cookie(answer: Answer) -> str:
    return str(answer.headers["Set-Cookie"]).split(";", 1)[0]
