"""Who gets in, with which scope, and what nobody else may learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import clock
from forum.extensions import db
from forum.models import ApiToken, Person, PersonState
from forum.unit_of_work import transaction
from tests import factories
from tests.api.conftest import Program, World, tip

OPEN = {"api-docs.openapi_json"}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    return [
        (rule.endpoint, method, rule.rule.replace("<int:entry_id>", "1"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in sorted(rule.methods or ())
    ]


def test_every_endpoint_refuses_by_default(app: Flask) -> None:
    client = app.test_client()
    asked = addresses(app)
    assert len(asked) > 20
    for endpoint, method, path in asked:
        answer = client.open(path, method=method)
        expected = 200 if endpoint in OPEN else 401
        assert answer.status_code == expected, (method, path)
        if expected == 401:
            assert answer.mimetype == "application/problem+json"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_opens_nothing(app: Flask, world: World) -> None:
    browser = factories.logged_in(app, world.ada_id)
    assert browser.get("/api/v1/entries").status_code == 401
    body = tip(world.open)
    assert browser.post("/api/v1/entries", json=body).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer a=b", "\xff"]
)
def test_other_headers_are_refused(app: Flask, header: str) -> None:
    answer = app.test_client().get("/api/v1/spaces", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_that_reads_does_not_write(
    world: World, program_of: Callable[..., Program]
) -> None:
    reader = program_of(world.ada_id, "read")
    assert reader.get("entries").status_code == 200
    assert reader.post("render", {"markdown": "*x*"}).status_code == 200
    for method, path in [
        ("POST", "entries"),
        ("POST", "spaces"),
        ("POST", "entries/1/comments"),
        ("PATCH", "entries/1"),
    ]:
        refused = reader.send(method, path, {})
        assert refused.status_code == 403, path
        assert 'scope="write"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("change", ["deactivated", "revoked", "expired"])
def test_an_ended_token_is_refused_at_once(
    app: Flask, world: World, change: str
) -> None:
    assert world.ada.get("spaces").status_code == 200
    now = clock.now()
    with app.app_context(), transaction():
        mine = ApiToken.person_id == world.ada_id
        if change == "deactivated":
            db.session.execute(
                sa.update(Person)
                .where(Person.id == world.ada_id)
                .values(state=PersonState.DEACTIVATED)
            )
        elif change == "revoked":
            db.session.execute(sa.update(ApiToken).where(mine).values(revoked_at=now))
        else:
            past = now - timedelta(seconds=1)
            db.session.execute(sa.update(ApiToken).where(mine).values(expires_at=past))
    assert world.ada.get("spaces").status_code == 401


def test_a_private_space_does_not_exist_for_others(world: World) -> None:
    secret = world.ada.post("entries", tip(world.private, tags=["secret"])).json
    path = f"entries/{secret['id']}"
    nobody = world.ben.get("entries/999").json
    for method, target, body in [
        ("GET", path, None),
        ("GET", f"{path}/revisions", None),
        ("GET", f"{path}/comments", None),
        ("POST", f"{path}/comments", {"body_markdown": "x"}),
        ("PATCH", path, {"title": "x"}),
        ("PATCH", path, {"status": "hidden"}),
        ("GET", f"entries?space={world.private}", None),
        ("POST", "entries", tip(world.private)),
    ]:
        answer = world.ben.send(method, target, body, If_Match='"1-1"')
        assert answer.status_code == 404, (method, target)
        assert answer.json == nobody
    assert world.ben.get("entries").json["items"] == []
    assert world.ben.get("entries?tag=secret").json["items"] == []
    assert world.ben.get(f"entries?author={world.ada_id}").json["items"] == []
    names = [each["slug"] for each in world.ben.get("spaces").json["items"]]
    assert world.private not in names


def test_a_closed_space_shows_its_size_and_no_entries(world: World) -> None:
    made = world.ada.post("entries", tip(world.closed)).json
    assert world.ben.get(f"entries/{made['id']}").status_code == 404
    assert world.ben.get(f"entries?space={world.closed}").status_code == 403
    assert world.ben.post("entries", tip(world.closed)).status_code == 403
    rows = {each["slug"]: each for each in world.ben.get("spaces").json["items"]}
    assert rows[world.closed]["entry_count"] == 0
    mine = {each["slug"]: each for each in world.ada.get("spaces").json["items"]}
    assert mine[world.closed]["entry_count"] == 1


def test_guests_see_only_where_they_are_members(world: World, guest: Program) -> None:
    world.ada.post("entries", tip(world.open))
    assert guest.get("spaces").json["items"] == []
    assert guest.get("entries").json["items"] == []
    assert guest.post("spaces", {"name": "Mine"}).status_code == 403


def test_too_many_requests(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(RATELIMIT_ENABLED=True)
    client = app.test_client()
    header = {"Authorization": "Bearer the-same-again"}
    answers = [
        client.get("/api/v1/spaces", headers=header).status_code for _ in range(1201)
    ]
    assert set(answers[:1200]) == {401}
    last = client.get("/api/v1/spaces", headers=header)
    assert last.status_code == 429
    assert last.headers["Retry-After"] == "60"
    assert last.mimetype == "application/problem+json"
