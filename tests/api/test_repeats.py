"""A POST with an Idempotency-Key happens once, also when it is sent twice at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from forum.extensions import db
from forum.models import Comment, Draft, Entry, Space
from tests.api.conftest import Program, World, tip

BOTH = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_each_post_is_done_once(app: Flask, world: World) -> None:
    number = world.ada.post("entries", tip(world.open)).json["id"]
    spaces = count(app, Space)
    for path, body, model, before in [
        ("entries", tip(world.open), Entry, 1),
        ("entries", tip(world.open, status="draft"), Draft, 0),
        ("spaces", {"name": "Once"}, Space, spaces),
        (f"entries/{number}/comments", {"body_markdown": "Once."}, Comment, 0),
    ]:
        key = f"key-{path}-{model.__name__}"
        first = world.ada.post(path, body, Idempotency_Key=key)
        again = world.ada.post(path, body, Idempotency_Key=key)
        assert first.status_code == again.status_code == 201, first.text
        assert first.json == again.json
        assert first.headers["Location"] == again.headers["Location"]
        assert count(app, model) == before + 1


def test_a_key_belongs_to_one_request_of_one_person(app: Flask, world: World) -> None:
    world.ada.post("entries", tip(world.open), Idempotency_Key="k")
    other = world.ada.post("entries", tip(world.open, title="B"), Idempotency_Key="k")
    assert other.status_code == 422
    assert list(other.json["errors"]) == ["Idempotency-Key"]
    elsewhere = world.ada.post("spaces", {"name": "x"}, Idempotency_Key="k")
    assert elsewhere.status_code == 422
    theirs = world.ben.post("entries", tip(world.open), Idempotency_Key="k")
    assert theirs.status_code == 201
    assert count(app, Entry) == 2


def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    body = tip(world.open, fields={})
    refused = world.ada.post("entries", body, Idempotency_Key="k")
    assert refused.status_code == 422
    assert "Idempotency-Key" not in refused.json["errors"]
    taken = world.ada.post("entries", tip(world.open), Idempotency_Key="k")
    assert taken.status_code == 201


@pytest.mark.parametrize("key", ["", " " * 3 + "é", "x" * 201])
def test_keys_that_are_none(world: World, key: str) -> None:
    answer = world.ada.post("entries", tip(world.open), Idempotency_Key=key)
    assert answer.status_code == 400


@BOTH
def test_two_at_once_make_one(app: Flask, world: World) -> None:
    together = Barrier(4)

    def send(_: int) -> TestResponse:
        program = Program(app.test_client(), world.ada.token)
        together.wait()
        return program.post("entries", tip(world.open), Idempotency_Key="k")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json["id"] for each in answers}) == 1
    assert count(app, Entry) == 1


@BOTH
def test_of_two_changes_at_once_one_wins(app: Flask, world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    together = Barrier(3)

    def change(number: int) -> int:
        program = Program(app.test_client(), world.ada.token)
        together.wait()
        body = {"title": f"Title {number}"}
        return program.patch(path, body, If_Match='"1-1"').status_code

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(change, range(3)))
    assert answers == [200, 412, 412]
    assert world.ada.get(path).json["revision"] == 2
