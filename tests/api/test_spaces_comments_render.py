"""Spaces, comments and rendering through the API."""

from __future__ import annotations

from flask import Flask

from forum.extensions import db
from forum.models import Comment, CommentState
from forum.unit_of_work import transaction
from tests.api.conftest import World, tip


def test_a_space_is_started_and_listed(world: World) -> None:
    made = world.ben.post("spaces", {"name": "On call", "visibility": "private"})
    assert made.status_code == 201, made.text
    assert made.json["slug"] == "on-call"
    assert made.headers["Location"] == "http://localhost/spaces/on-call"
    assert (made.json["member_count"], made.json["entry_count"]) == (1, 0)
    assert made.json in world.ben.get("spaces").json["items"]
    assert made.json not in world.ada.get("spaces").json["items"]


def test_spaces_come_in_pages(world: World) -> None:
    for number in range(55):
        world.ben.post("spaces", {"name": f"Topic {number}"})
    first = world.ben.get("spaces")
    second = world.ben.get(f"spaces?cursor={first.json['next']}").json
    slugs = [each["slug"] for each in first.json["items"] + second["items"]]
    assert len(slugs) == len(set(slugs)) == 57
    assert second["next"] is None


def test_wrong_words_of_a_space(world: World) -> None:
    wrong = world.ben.post("spaces", {"name": "", "kind": "x", "required_tags": [1]})
    assert wrong.status_code == 422
    assert set(wrong.json["errors"]) == {"name", "kind", "required_tags.0"}


def test_comments_answers_and_replies(app: Flask, world: World) -> None:
    question = tip(world.open, kind="question", fields={})
    path = f"entries/{world.ada.post('entries', question).json['id']}/comments"
    answer = world.ben.post(path, {"body_markdown": "*Yes.*", "kind": "answer"})
    assert answer.status_code == 201, answer.text
    assert answer.json["author"] == {"id": world.ben_id, "name": "Ben"}
    assert "<em>Yes.</em>" in answer.json["html"]
    assert (answer.json["votes"], answer.json["accepted"]) == (0, False)
    number = answer.json["id"]
    assert answer.headers["Location"].endswith(f"#comment-{number}")
    reply = world.ada.post(path, {"body_markdown": "Thanks.", "parent": number})
    assert reply.json["parent"] == number
    assert world.ben.get(path).json["items"] == [answer.json, reply.json]
    page = world.ben.get(f"{path}?limit=1").json
    rest = world.ben.get(f"{path}?limit=1&cursor={page['next']}").json
    assert (page["items"], rest["items"]) == ([answer.json], [reply.json])
    with app.app_context(), transaction():
        row = db.session.get(Comment, number)
        assert row is not None
        row.state = CommentState.REMOVED
    gone = world.ada.get(path).json["items"][0]
    assert gone["removed"]
    assert (gone["body_markdown"], gone["html"], gone["author"]) == ("", "", None)


def test_comments_that_cannot_be(world: World) -> None:
    made = world.ada.post("entries", tip(world.open)).json
    path = f"entries/{made['id']}/comments"
    other = world.ada.post("entries", tip(world.open)).json["id"]
    there = f"entries/{other}/comments"
    elsewhere = world.ada.post(there, {"body_markdown": "x"}).json["id"]
    for body, status in [
        ({"body_markdown": "x", "kind": "answer"}, 422),
        ({"body_markdown": " "}, 422),
        ({"body_markdown": "x" * 50_001}, 422),
        ({"body_markdown": "x", "parent": elsewhere}, 404),
        ({"body_markdown": "x", "parent": "1"}, 422),
        ({"body_markdown": "x", "parent": 10**30}, 422),
        ({}, 422),
    ]:
        assert world.ben.post(path, body).status_code == status, body
    assert world.ben.get(path).json["items"] == []


def test_render(world: World) -> None:
    answer = world.ben.post("render", {"markdown": "# Hi <script>x</script>"})
    assert answer.status_code == 200
    assert "<script" not in answer.json["html"]
    assert "Hi" in answer.json["html"]
