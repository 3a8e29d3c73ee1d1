"""Whatever a program sends, the answer is JSON in which a program finds its way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import Program, World, tip

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/entries", 404),
        ("GET", "/api/v1/entries/", 404),
        ("GET", "/api/v1/entries/x", 404),
        ("GET", "/api/v1/entries/0", 404),
        ("GET", "/api/v1/entries/99999999999999999999", 404),
        ("GET", "/api/v1/entries/99999999999999999999/comments", 404),
        ("DELETE", "/api/v1/entries", 405),
        ("PUT", "/api/v1/entries/1", 405),
        ("GET", "/api/v1/render", 405),
        ("GET", "/api/v1/entries?limit=0", 422),
        ("GET", "/api/v1/entries?limit=x", 422),
        ("GET", "/api/v1/entries?limit=101", 422),
        ("GET", "/api/v1/entries?kind=page", 422),
        ("GET", "/api/v1/entries?author=99999999999999999999", 422),
        ("GET", "/api/v1/entries?colour=red", 422),
        ("GET", "/api/v1/entries?include=everything", 422),
        ("GET", "/api/v1/entries?cursor=x", 422),
        ("GET", "/api/v1/spaces?cursor=WzFd", 422),
        ("GET", "/api/v1/spaces?cursor=WyJcdTAwMDAiLCAxXQ", 422),
        (
            "GET",
            "/api/v1/entries?cursor=W3sidCI6IjAwMDEtMDEtMDFUMDA6MDA6MDArMTQ6MDAifSwxXQ",
            422,
        ),
        ("GET", "/api/v1/entries?space=%00", 404),
        ("GET", "/api/v1/entries?space=nowhere", 404),
        ("GET", "/api/v1/entries?tag=%00", 404),
        ("GET", "/api/v1/entries?tag=%ff", 200),
    ],
)
def test_addresses(world: World, method: str, path: str, status: int) -> None:
    answer = world.ada.send(method, path)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.mimetype == PROBLEM
        assert answer.json["status"] == status
        assert answer.json["title"]
    if status == 405:
        assert answer.headers["Allow"]


def test_pages_keep_their_own_errors(app: Flask, world: World) -> None:
    answer = app.test_client().get("/nothing-here")
    assert answer.mimetype != PROBLEM


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"{}", None, 415),
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": ' + b"9" * 5_000 + b"}", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"x"', "application/json", 422),
        (b"{}", "application/json; charset=utf-8", 422),
    ],
)
def test_bodies_that_are_none(
    world: World, data: bytes, media_type: str | None, status: int
) -> None:
    answer = world.ada.client.post(
        "/api/v1/entries",
        data=data,
        content_type=media_type,
        headers={"Authorization": f"Bearer {world.ada.token}"},
    )
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM


def test_what_no_database_holds_is_left_out(world: World) -> None:
    body = tip(
        world.open,
        title="A\0B\ud800C",
        body_markdown="x\0\udfffy",
        fields={"problem": "p\0q"},
    )
    for status in ("published", "draft"):
        answer = world.ada.post("entries", {**body, "status": status})
        assert answer.status_code == 201, answer.text
        assert answer.json["title"] == "ABC"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["\0", "\ud800", "tip", "question", "published", "draft"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    *tip(""),
    "name",
    "purpose",
    "visibility",
    "required_tags",
    "parent",
    "markdown",
]
PATHS = [
    ("POST", "entries"),
    ("PATCH", "entries/1"),
    ("POST", "spaces"),
    ("POST", "entries/1/comments"),
    ("POST", "render"),
]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    target=st.sampled_from(PATHS),
    change=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4) | VALUES,
    bare=st.booleans(),
)
def test_no_body_breaks_it(
    world: World, target: tuple[str, str], change: Any, bare: bool
) -> None:
    method, path = target
    body = change
    if isinstance(change, dict) and not bare:
        body = {**_good(path, world.open), **change}
    # What a program sends is one of these texts, lone surrogates escaped.
    json.dumps(body)
    answer = _ada(world).send(method, path, body, If_Match='"1-1"')
    assert answer.status_code < 500, (body, answer.text)
    if answer.status_code >= 400:
        assert answer.mimetype == PROBLEM


def _ada(world: World) -> Program:
    if world.ada.get("entries/1").status_code == 404:
        world.ada.post("entries", tip(world.open, kind="question", fields={}))
    return world.ada


def _good(path: str, space: str) -> dict[str, Any]:
    if path == "entries":
        return tip(space)
    if path == "spaces":
        return {"name": "Name"}
    if path.endswith("comments"):
        return {"body_markdown": "Words."}
    return {"markdown": "*x*"} if path == "render" else {}
