"""Imports are written once, resume, and never lose more than the one bad record."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.actions.content import prepare
from forum.actions.entries import revise_entry
from forum.errors import Invalid, NotAllowed
from forum.extensions import db
from forum.importing import writer
from forum.importing.run import run_import
from forum.models import (
    Attachment,
    Comment,
    CommentKind,
    Draft,
    Entry,
    ExternalId,
    Person,
    PersonState,
    Revision,
    Role,
    Space,
    Visibility,
)
from forum.unit_of_work import transaction
from tests import factories
from tests.importing.material import QUESTION, TIPS, folder, lines, state


@pytest.fixture
def admin(context: Flask) -> Person:
    return factories.person("Ada Admin", Role.ADMIN)


def entry_of(source_id: str) -> Entry:
    db.session.rollback()
    known = db.session.scalars(
        sa.select(ExternalId).where(ExternalId.source_id == source_id)
    ).one()
    assert known.noun == "entry"
    return db.session.get_one(Entry, known.noun_id)


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def outcomes(report: Any) -> dict[str, int]:
    return dict(report.counts)


def test_a_question_comes_with_authors_dates_scores_and_answers(
    admin: Person, tmp_path: Path
) -> None:
    report = run_import(lines(tmp_path / "board.jsonl", QUESTION, "{broken"))
    assert outcomes(report) == {"taken": 1, "refused": 1}
    assert report.replies == 4
    entry = entry_of("board:1")
    assert (entry.kind, entry.space.slug) == ("question", "imported")
    assert entry.published_at == datetime(2021, 3, 4, 9, tzinfo=UTC)
    assert entry.updated_at == datetime(2021, 3, 6, 10, tzinfo=UTC)
    assert (entry.comment_count, entry.answer_count) == (4, 2)
    assert (entry.imported_score, entry.lang) == (7, "en")
    assert [tag.name for tag in entry.tags] == ["cold-start", "valves"]
    mette = entry.owner
    assert (mette.state, mette.email) == (PersonState.IMPORTED, None)
    assert (mette.origin, mette.origin_name) == ("old board", "Mette")
    first, other = db.session.scalars(
        sa.select(Comment)
        .where(Comment.kind == CommentKind.ANSWER)
        .order_by(Comment.id)
    )
    assert (first.imported_score, other.imported_score) == (4, -2)
    assert first.accepted_by_id == admin.id
    assert other.accepted_at is None
    assert "<strong>seal</strong>" in first.html
    assert other.author.name == "old board"  # nobody is named
    reply = db.session.scalars(
        sa.select(Comment).where(Comment.parent_id == first.id)
    ).one()
    assert (reply.root_id, reply.author_id) == (first.id, mette.id)
    assert first.root_id == first.id
    assert reply.created_at == first.created_at


def test_a_second_run_changes_nothing(admin: Person, tmp_path: Path) -> None:
    folder(tmp_path / "in" / "texts")
    lines(tmp_path / "in" / "board.jsonl", QUESTION, *TIPS)
    run_import(tmp_path / "in", batch=5)
    before = state()
    report = run_import(tmp_path / "in", batch=4)
    assert state() == before
    assert report.counts["untouched"] == 16
    assert not report.counts["taken"] + report.counts["updated"]


def test_pictures_and_links_between_files(admin: Person, tmp_path: Path) -> None:
    folder(tmp_path / "texts")
    report = run_import(tmp_path / "texts", report=tmp_path / "report.json")
    told = {
        one["path"]: one
        for one in json.loads((tmp_path / "report.json").read_text())["files"]
    }
    assert report.counts["taken"] == 3
    first = told["first.md"]
    assert [one["key"] for one in first["warnings"]] == ["picture_refused"]
    assert "broken.png" in first["warnings"][0]["text"]
    entry = entry_of(first["source_id"])
    assert first["url"].endswith(f"/entries/{entry.id}")
    files = db.session.scalars(sa.select(Attachment).order_by(Attachment.id)).all()
    assert [one.kind.value for one in files] == ["image", "file"]
    assert {one.entry_id for one in files} == {entry.id}
    body = entry.revision.body
    assert body.count(f"/files/{files[0].id}/a%20picture%20%281%29.png") == 2
    assert f"[drawn](/files/{files[1].id}/" in body
    assert "![drawn]" not in body
    assert "![bad](broken.png)" in body
    assert "`[x](second.md)`" in body
    assert "/entries/by-source?id=" in body
    assert "#s-how-it-ends" in body
    html = "".join(section["html"] for section in entry.revision.sections)
    assert html.count("<img") == 2
    assert count(Draft) == 1  # of the text that was a draft; see below


def test_what_was_a_draft_stays_one(admin: Person, tmp_path: Path) -> None:
    folder(tmp_path / "texts")
    run_import(tmp_path / "texts")
    draft = db.session.scalars(sa.select(Draft)).one()
    assert (draft.person_id, draft.title) == (admin.id, "Half a thought")
    known = db.session.scalars(
        sa.select(ExternalId).where(ExternalId.noun == "draft")
    ).one()
    assert known.noun_id == draft.id


def test_a_changed_source_becomes_a_revision(admin: Person, tmp_path: Path) -> None:
    path = lines(tmp_path / "board.jsonl", QUESTION)
    run_import(path)
    more = {"id": "a3", "kind": "answer", "body_markdown": "Or oil it."}
    lines(
        path,
        QUESTION
        | {"body_markdown": "It hisses.", "replies": [*QUESTION["replies"], more]},
    )
    report = run_import(path)
    assert outcomes(report) == {"updated": 1}
    assert report.replies == 1
    entry = entry_of("board:1")
    assert (entry.current_number, entry.revision.body) == (2, "It hisses.")
    assert (entry.comment_count, entry.answer_count) == (5, 3)
    assert entry.revision.author.name == "Mette"
    assert outcomes(run_import(path)) == {"untouched": 1}


def test_what_was_edited_here_is_left_alone(admin: Person, tmp_path: Path) -> None:
    path = lines(tmp_path / "board.jsonl", QUESTION)
    run_import(path)
    words = prepare(kind="question", title="Hiss", body="Ours", fields={}, tags="")
    with transaction():
        # Whoever starts a Space looks after it, so the importer may.
        revise_entry(admin, entry_of("board:1"), words, base_number=1)
    lines(path, QUESTION | {"body_markdown": "Theirs"})
    report = run_import(path)
    assert [one.reason for one in report.files] == ["edited_here"]
    assert entry_of("board:1").revision.body == "Ours"


def test_one_bad_record_is_undone_alone(
    admin: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writer.write_replies

    def stumble(importer: Person, entry: Entry, *rest: Any) -> int:
        if entry.title == "Tip 4":
            raise ZeroDivisionError
        return real(importer, entry, *rest)

    monkeypatch.setattr(writer, "write_replies", stumble)
    path = lines(tmp_path / "board.jsonl", QUESTION, *TIPS)
    report = run_import(path)
    assert outcomes(report) == {"taken": 12, "refused": 1}
    bad = next(one for one in report.files if one.outcome == "refused")
    assert (bad.reason, bad.params) == ("unexpected", {"type": "ZeroDivisionError"})
    assert count(Entry) == 12
    monkeypatch.undo()
    assert outcomes(run_import(path)) == {"taken": 1, "untouched": 12}


def test_a_lost_transaction_costs_no_record(
    admin: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fails = writer.write_replies, [True]

    def lose(importer: Person, entry: Entry, *rest: Any) -> int:
        if entry.title == "Tip 7" and fails:
            fails.pop()
            db.session.rollback()
        return real(importer, entry, *rest)

    monkeypatch.setattr(writer, "write_replies", lose)
    report = run_import(lines(tmp_path / "board.jsonl", *TIPS))
    assert outcomes(report) == {"taken": 12}
    assert count(Entry) == count(Revision) == count(ExternalId) == 12


def test_two_imports_at_once(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        factories.person("Ada Admin", Role.ADMIN)
    path = lines(tmp_path / "board.jsonl", QUESTION, *TIPS)
    gate, reports = threading.Barrier(2), list[Any]()

    def work() -> None:
        with app.app_context():
            gate.wait()
            reports.append(run_import(path, batch=2))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = Counter(one.outcome for report in reports for one in report.files)
    assert both == {"taken": 13, "untouched": 13}
    with app.app_context():
        assert (count(Entry), count(Comment)) == (13, 4)
        assert count(Space) == 1
        assert count(ExternalId) == 17


def test_who_may_import_where(admin: Person, tmp_path: Path) -> None:
    path = lines(tmp_path / "board.jsonl", *TIPS)
    with pytest.raises(Invalid) as unknown:
        run_import(path, space_slug="nowhere")
    assert unknown.value.fields == {"space": "import.space_unknown"}
    somebody = factories.person("Sam")
    hidden = factories.space(somebody, visibility=Visibility.PRIVATE)
    closed = factories.space(somebody, visibility=Visibility.CLOSED)
    for space in (hidden, closed):
        with pytest.raises((Invalid, NotAllowed)):
            run_import(path, space_slug=space.slug)
    report = run_import(path, space_slug=hidden.slug, importer=somebody)
    assert report.counts["taken"] == 12
    assert entry_of("board:tip-1").space_id == hidden.id


def test_without_an_admin_nothing_begins(context: Flask, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        run_import(lines(tmp_path / "board.jsonl", *TIPS))
    assert count(Space) == 0
