"""Entries of the API: written, read, changed, taken down."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from forum import clock
from forum.extensions import db
from forum.models import Draft, Entry, ExternalId
from forum.unit_of_work import transaction
from tests.api.conftest import World, tip
from tests.counting import statements


def test_a_published_entry_is_answered_whole(world: World) -> None:
    made = world.ada.post("entries", tip(world.open))
    assert made.status_code == 201, made.text
    entry = made.json
    assert made.headers["Location"] == f"http://localhost/api/v1/entries/{entry['id']}"
    assert entry["url"].startswith(
        f"http://localhost/tips/{entry['id']}-check-a-backup"
    )
    assert entry["author"] == {"id": world.ada_id, "name": "Ada"}
    assert entry["space"] == world.open
    assert entry["fields"] == {"problem": "Is the backup any good?"}
    assert entry["tags"] == ["backup"]
    assert entry["status"] == "published"
    assert entry["revision"] == 1
    assert entry["source_id"] is None
    assert "<strong>somewhere else</strong>" in entry["html"]
    assert entry["created_at"].endswith("+00:00")
    shown = world.ben.get(f"entries/{entry['id']}")
    assert shown.json == entry
    assert shown.headers["ETag"] == made.headers["ETag"] == '"1-1"'


def test_html_holds_the_headings_of_a_text(world: World) -> None:
    text = "Intro.\n\n## One & two\n\nFirst.\n\n## Three\n\nSecond."
    entry = world.ada.post("entries", tip(world.open, body_markdown=text)).json
    assert '<h2 id="one-two">One &amp; two</h2>' in entry["html"]
    assert entry["html"].index("Intro") < entry["html"].index("<h2")
    assert "Is the backup" not in entry["html"]


def test_what_is_missing_is_named_by_field(world: World) -> None:
    body = tip(world.open, title=" ", fields={})
    answer = world.ada.post("entries", body)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"title", "fields.problem"}


def test_unknown_names_are_refused(world: World) -> None:
    typo = world.ada.post("entries", tip(world.open, titel="x"))
    assert typo.status_code == 422
    assert list(typo.json["errors"]) == ["titel"]
    field = world.ada.post("entries", tip(world.open, fields={"problm": "x"}))
    assert list(field.json["errors"]) == ["fields.problm"]


def test_lists_leave_the_words_out_unless_asked(world: World) -> None:
    world.ada.post("entries", tip(world.open))
    (short,) = world.ben.get("entries").json["items"]
    assert "body_markdown" not in short
    assert "html" not in short
    assert short["fields"]
    (whole,) = world.ben.get("entries?include=body").json["items"]
    assert whole["body_markdown"] == "Restore it **somewhere else**."
    assert whole["html"]


def test_filters(world: World) -> None:
    world.ada.post("entries", tip(world.open))
    world.ben.post("entries", tip(world.open, kind="post", tags=["other"], fields={}))
    for query, kinds in {
        "kind=tip": ["tip"],
        "kind=tutorial": [],
        "tag=other": ["post"],
        "tag=nothing": [],
        f"author={world.ada_id}": ["tip"],
        f"space={world.open}": ["post", "tip"],
        f"space={world.open}&kind=post&author={world.ben_id}&tag=other": ["post"],
    }.items():
        found = world.ben.get(f"entries?{query}").json["items"]
        assert sorted(each["kind"] for each in found) == kinds, query


def test_pages_stay_while_others_write(world: World) -> None:
    ids = [world.ada.post("entries", tip(world.open)).json["id"] for _ in range(5)]
    first = world.ben.get(f"entries?limit=2&space={world.open}")
    seen = [each["id"] for each in first.json["items"]]
    world.ada.post("entries", tip(world.open))
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    address = link[1 : link.index(">")].removeprefix("http://localhost")
    while address:
        page = world.ben.get(address)
        seen += [each["id"] for each in page.json["items"]]
        link = page.headers.get("Link", "")
        address = link[1 : link.find(">")].removeprefix("http://localhost")
    assert seen == ids[::-1]
    assert page.json["next"] is None


def test_a_draft_is_kept_for_its_author(app: Flask, world: World) -> None:
    body = tip(world.open, status="draft", body_markdown="", fields={})
    made = world.ada.post("entries", body)
    assert made.status_code == 201
    assert made.json["status"] == "draft"
    assert made.json["space"] == world.open
    assert made.headers["Location"] == made.json["url"]
    assert made.json["url"] == f"http://localhost/drafts/{made.json['key']}"
    with app.app_context():
        draft = db.session.scalar(sa.select(Draft))
        assert draft is not None
        assert (draft.person_id, draft.tags) == (world.ada_id, "backup")
    assert world.ada.get("entries").json["items"] == []


def test_change_needs_and_moves_the_etag(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    assert world.ada.patch(path, {"title": "New"}).status_code == 428
    assert world.ada.patch(path, {"title": "New"}, If_Match="*").status_code == 428
    changed = world.ada.patch(path, {"title": "New"}, If_Match='"1-1"')
    assert changed.status_code == 200, changed.text
    assert changed.json["title"] == "New"
    assert changed.json["body_markdown"] == "Restore it **somewhere else**."
    assert changed.json["tags"] == ["backup"]
    assert changed.json["revision"] == 2
    assert changed.headers["ETag"] == '"2-2"'
    for stale in ('"1-1"', '"9-9"', '"x"', 'W/"2-2"'):
        late = world.ada.patch(path, {"title": "Late"}, If_Match=stale)
        assert late.status_code == 412, stale
    assert world.ada.get(path, If_None_Match='"2-2"').status_code == 304
    assert world.ada.get(path, If_None_Match='"1-1"').status_code == 200


def test_tags_fields_and_kind_change_as_a_whole(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    body = {"tags": ["restore"], "kind": "question", "fields": {"tried": "Looking."}}
    answer = world.ada.patch(path, body, If_Match='"1-1"')
    assert answer.status_code == 200, answer.text
    changed = answer.json
    assert (changed["tags"], changed["kind"]) == (["restore"], "question")
    assert changed["fields"] == {"tried": "Looking."}


def test_taken_down_and_brought_back(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    down = world.ada.patch(path, {"status": "hidden"}, If_Match='"1-1"')
    assert down.json["status"] == "hidden"
    assert world.ben.get(path).status_code == 404
    assert world.ada.get(path).status_code == 200
    again = world.ada.patch(path, {"status": "hidden"}, If_Match=down.headers["ETag"])
    assert again.headers["ETag"] == down.headers["ETag"]
    up = world.ada.patch(path, {"status": "published"}, If_Match=down.headers["ETag"])
    assert up.json["status"] == "published"
    assert world.ben.get(path).status_code == 200


def test_moved_to_another_space(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    moved = world.ada.patch(path, {"space": world.private}, If_Match='"1-1"')
    assert moved.json["space"] == world.private
    assert world.ben.get(path).status_code == 404


def test_others_read_but_do_not_change(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    refused = world.ben.patch(path, {"title": "Mine"}, If_Match='"1-1"')
    assert refused.status_code == 403
    assert "owner" in refused.json["detail"]


def test_revisions(world: World) -> None:
    path = f"entries/{world.ada.post('entries', tip(world.open)).json['id']}"
    body = {"body_markdown": "Second.", "reason": "clearer"}
    world.ada.patch(path, body, If_Match='"1-1"')
    page = world.ben.get(f"{path}/revisions?limit=1").json
    assert [(r["number"], r["reason"]) for r in page["items"]] == [(2, "clearer")]
    assert "body_markdown" not in page["items"][0]
    after = world.ben.get(
        f"{path}/revisions?limit=1&include=body&cursor={page['next']}"
    ).json
    assert after["items"][0]["number"] == 1
    assert after["items"][0]["body_markdown"] == "Restore it **somewhere else**."
    assert after["next"] is None


def test_an_imported_record_keeps_its_id(app: Flask, world: World) -> None:
    made = world.ada.post("entries", tip(world.open)).json
    with app.app_context(), transaction():
        row = ExternalId(
            source_id="wiki:7",
            noun="entry",
            noun_id=made["id"],
            digest="",
            imported_at=clock.now(),
        )
        db.session.add(row)
    assert world.ben.get(f"entries/{made['id']}").json["source_id"] == "wiki:7"
    assert world.ben.get("entries").json["items"][0]["source_id"] == "wiki:7"


def test_lists_ask_the_same_statements_for_any_length(app: Flask, world: World) -> None:
    counts = []
    for number in (10, 90):
        with app.app_context(), transaction():
            first = db.session.scalar(sa.select(Entry.id))
        for _ in range(number if first is None else 0):
            world.ada.post("entries", tip(world.open))
        if first is not None:
            with app.app_context():
                multiply(number)
        with statements(app) as seen:
            page = world.ben.get("entries?limit=100")
        assert len(page.json["items"]) == (10 if first is None else 100)
        counts.append(len(seen))
    # The token, the entries, their tags, their ids elsewhere.
    assert counts == [4, 4]


def multiply(number: int) -> None:
    """Copy an entry often, tags and revision included, faster than writing it."""
    with transaction():
        for table in ("entry", "revision", "entry_tag"):
            rows = db.metadata.tables[table]
            key = rows.c.entry_id if "entry_id" in rows.c else rows.c.id
            one = db.session.execute(sa.select(rows).where(key == 1)).mappings().one()
            for each in range(number):
                changes = {key.name: 1000 + each}
                if table == "revision":
                    changes["id"] = 1000 + each
                db.session.execute(sa.insert(rows).values({**one, **changes}))
