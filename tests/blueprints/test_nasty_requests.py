"""Nasty requests are refused with a page, on both databases; no answer is a 500."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.actions.tokens import create_token
from forum.extensions import db
from forum.models import Person
from forum.unit_of_work import transaction
from tests import factories
from tests.contracts.walking import addresses, settle

# PostgreSQL is the stricter of the two; SQLite walks along where time allows.
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
BOTH = pytest.mark.parametrize(
    "database_url",
    [
        *(["sqlite"] if THOROUGH else []),
        pytest.param("postgres", marks=pytest.mark.postgres),
    ],
    indirect=True,
)

HUGE = str(2**80)
NASTY = {
    "null": "a\0b",
    "huge number": HUGE,
    "number of 5,000 digits": "9" * 5_000,
    "number behind zeros": "0" * 11 + "1" + "2" * 30,
    "negative": "-1",
    "no row": "2147483647",
    "half of a letter": b"\xff\xfe\xc3",
    "markup": "'\"><script>alert(1)</script>{{7*7}}%s",
    "line ends": "a\r\nSet-Cookie: b=c",
    "long": "ä" * 900,
    "bracket": "http://[",
    "not a number": "Ⅷ²",
}
# Every name that a view reads from a query or a form.
QUERY = [
    "after",
    "before",
    "from",
    "to",
    "view",
    "kind",
    "sort",
    "q",
    "title",
    "id",
    "space",
    "name",
    "department",
    "published",
    "discarded",
    "sent",
    "next",
    "limit",
    "cursor",
    "author",
    "tag",
    "include",
    "query",
]
FORM = [
    "body",
    "bio",
    "comment",
    "current_password",
    "department",
    "description",
    "draft_key",
    "draft_owner",
    "draft_version",
    "email",
    "emails",
    "done",
    "entry",
    "field-problem",
    "field-goal",
    "guidance",
    "headcount",
    "invitations",
    "key",
    "kept_action",
    "kept:body",
    "kind",
    "member",
    "name",
    "next",
    "noun",
    "offers",
    "parent",
    "password",
    "person",
    "person_id",
    "purpose",
    "reason",
    "required_tags",
    "role",
    "site_name",
    "space",
    "tags",
    "theme",
    "title",
    "version",
    "base_number",
    "visibility",
    "wants",
    "other",
    "label-0",
    "target",
    "into",
]


class Walk:
    """A browser that notes every answer that is not a page or a refusal."""

    def __init__(self, client: FlaskClient, **headers: str) -> None:
        self.client, self.headers = client, headers
        self.broken: list[str] = []

    def open(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        answer = self.client.open(path, method=method, headers=headers, **more)
        if answer.status_code >= 500 and not path.startswith("/ready"):
            told = f"{method} {path[:80]!r} {str(more)[:120]}: {answer.status_code}"
            self.broken.append(told)
        answer.close()
        return answer


@pytest.fixture
def forum(
    make_app: Callable[..., Flask],
) -> Iterator[tuple[Flask, int, dict[str, Any]]]:
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    admin, known = settle(app)
    yield app, admin, known


def walk_of(app: Flask, person_id: int) -> tuple[Walk, str]:
    client = factories.logged_in(app, person_id)
    return Walk(client), factories.csrf_of(client)


def spared(path: str) -> bool:
    """The addresses that would end the walk: they log the browser out."""
    return path in ("/logout", "/demo-log-ins", "/sessions/revocation", "/login") or (
        path.startswith(("/sessions/", "/tokens/"))
    )


@BOTH
@pytest.mark.slow
def test_nothing_in_a_query_breaks_a_page(forum: Any) -> None:
    app, admin, known = forum
    walk, _ = walk_of(app, admin)
    bearer = {"Authorization": f"Bearer {token_of(app, admin)}"}
    for each in addresses(app, known):
        if each.method != "GET":
            continue
        for value in NASTY.values():
            if not each.is_api:
                walk.open("GET", each.path, query_string=dict.fromkeys(QUERY, value))
                continue
            for name in ("cursor", "limit", "author", "space", "tag", "kind"):
                query = {name: value}
                walk.open("GET", each.path, query_string=query, headers=bearer)
    assert walk.broken == []


@BOTH
@pytest.mark.slow
def test_nothing_in_a_form_breaks_a_page(forum: Any) -> None:
    app, admin, known = forum
    walk, token = walk_of(app, admin)
    posts = [a for a in addresses(app, known) if a.method == "POST" and not a.is_api]
    for each, (what, value) in itertools.product(posts, NASTY.items()):
        if spared(each.path):
            continue
        form: dict[str, Any] = dict.fromkeys(FORM, value)
        form |= {"field-\0": value, "csrf_token": token}
        walk.open("POST", each.path, data=form)
        # One at a time beside what is right, so that it comes as far as it can.
        right = {"kind": "tip", "title": what, "body": "Words", "field-problem": "p"}
        right |= {"space": "1", "csrf_token": token, "field-x": value}
        walk.open("POST", each.path, data=right)
        walk.open("POST", each.path, data={**right, "body": value, "title": value})
    assert walk.broken == []


@BOTH
@pytest.mark.slow
def test_nothing_in_a_path_breaks_a_page(forum: Any) -> None:
    app, admin, known = forum
    walk, token = walk_of(app, admin)
    bearer = {"Authorization": f"Bearer {token_of(app, admin)}"}
    pieces = [
        "%00",
        "a%00b",
        "%ff%fe",
        HUGE,
        "-1",
        "0",
        "..%2f..%2fetc%2fpasswd",
        "%0d%0aX:y",
    ]
    pieces += ["%F0%9F%92%A9", "9" * 5_000, "a" * 5_000]
    for each in addresses(app, known):
        parts = each.path.split("/")
        for place, piece in itertools.product(range(1, len(parts)), pieces):
            path = "/".join([*parts[:place], piece, *parts[place + 1 :]])
            if spared(path) or spared(each.path):
                continue
            if each.is_api:
                walk.open(each.method, path, headers=bearer, json={})
            else:
                data = {"csrf_token": token} if each.method == "POST" else None
                walk.open(each.method, path, data=data)
    assert walk.broken == []


@pytest.mark.slow
def test_no_method_header_or_cookie_breaks_a_page(forum: Any) -> None:
    app, admin, known = forum
    walk, token = walk_of(app, admin)
    strange = [
        {"Accept": ";;;,*/*;q=x,\xff"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary="},
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-42"},
        {"Content-Length": "-1"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic ???"},
        {"Cookie": "commonplace=\xff\0; theme=\"'><script>"},
        {"Cookie": "theme=" + "x" * 4000},
        {"Range": "bytes=9-1,-,5-"},
        {"If-None-Match": '"' * 99},
        {"If-Modified-Since": "the day before"},
        {"If-Match": "*,,"},
        {"User-Agent": "\xff" * 3000},
        {"Accept-Language": "x" * 5000},
        {"Referer": "http://["},
        {"Host": "evil.example:99999"},
        {"X-Forwarded-Host": "evil.example"},
    ]
    for each in addresses(app, known):
        if spared(each.path):
            continue
        for method in ("HEAD", "OPTIONS", "TRACE", "PROPFIND"):
            walk.open(method, each.path)
        for headers in strange:
            data = b"--x\r\n" if each.method != "GET" else b""
            walk.open(each.method, each.path, headers=headers, data=data)
    assert walk.broken == []


def test_no_json_breaks_the_api(forum: Any) -> None:
    app, admin, known = forum
    walk = Walk(app.test_client(), Authorization=f"Bearer {token_of(app, admin)}")
    walk.headers["Content-Type"] = "application/json"
    good = (
        '{"kind": "tip", "space": "%s", "title": %s, "body_markdown": %s, '
        '"fields": {"problem": %s}, "tags": [%s]}'
    )
    bodies = [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"9" * 9_000,
    ]
    for value in (r'"\ud800"', r'"a\u0000b"', '"\U0001f4a9"', "1e999", "{}", "null"):
        bodies.append((good % (known["slug"], value, '"b"', '"p"', '"t"')).encode())
        bodies.append((good % (known["slug"], '"t"', value, '"p"', '"t"')).encode())
        bodies.append((good % (known["slug"], '"t"', '"b"', value, '"t"')).encode())
        bodies.append((good % (known["slug"], '"t"', '"b"', '"p"', value)).encode())
        bodies.append(b'{"name": %s, "purpose": %s}' % (value.encode(), value.encode()))
        bodies.append(b'{"body_markdown": %s}' % value.encode())
        bodies.append(b'{"markdown": %s}' % value.encode())
    for each in addresses(app, known):
        if each.is_api and each.method != "GET":
            for body in bodies:
                headers = {"If-Match": '"1-1"', "Idempotency-Key": "k" * 300}
                walk.open(each.method, each.path, data=body, headers=headers)
                walk.open(
                    each.method, each.path, data=body, headers={"If-Match": '"1-1"'}
                )
    assert walk.broken == []


def token_of(app: Flask, person_id: int) -> str:
    with app.app_context(), transaction():
        person = db.session.get_one(Person, person_id)
        return create_token(person, scopes=["read", "write"])
