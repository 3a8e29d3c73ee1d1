"""Entries: published, revised, restored, moved, taken down."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.actions.content import prepare
from forum.actions.entries import (
    hide_entry,
    move_entry,
    publish_entry,
    restore_entry,
    restore_revision,
    revise_entry,
)
from forum.errors import Conflict, Invalid, NotAllowed
from forum.extensions import db
from forum.models import Entry, EntryStatus, Event, Person, Revision, Space, Visibility
from forum.queries.entries import revision_of
from forum.unit_of_work import transaction
from tests import factories


def words(
    body: str = "Turn it off.\n\nTurn it on.", **more: object
) -> dict[str, object]:
    return {
        "kind": "tip",
        "title": "Restart the printer",
        "body": body,
        "fields": {"problem": "The printer sulks."},
        "tags": "printer, floor-3",
        **more,
    }


def published(actor: Person, space: Space, **more: object) -> Entry:
    content = prepare(**words(**more))  # type: ignore[arg-type]
    with transaction():
        return publish_entry(actor, space, content)


@pytest.fixture
def mara(context: Flask) -> Person:
    return factories.person("Mara Ruiz")


@pytest.fixture
def office(mara: Person) -> Space:
    return factories.space(mara, "Office")


def test_publishing_keeps_words_tags_and_an_event(mara: Person, office: Space) -> None:
    entry = published(mara, office)
    assert entry.slug == "restart-the-printer"
    assert entry.excerpt == "The printer sulks."
    assert [tag.name for tag in entry.tags] == ["floor-3", "printer"]
    assert entry.revision.body == "Turn it off.\n\nTurn it on."
    assert [s["role"] for s in entry.revision.sections] == ["field", "intro"]
    event = db.session.scalars(sa.select(Event)).all()[-1]
    assert (event.verb, event.subject_id) == ("entry.published", entry.id)


def test_publishing_asks_for_everything_that_is_missing(
    mara: Person, office: Space
) -> None:
    content = prepare(kind="tip", title=" ", body="", fields={}, tags="a b, ???")
    with pytest.raises(Invalid) as refused:
        publish_entry(mara, office, content)
    assert refused.value.fields == {
        "title": "entry.title_missing",
        "body": "entry.body_missing",
        "field-problem": "field.missing",
        "tags": "entry.tag_not_taken",
    }


def test_an_experience_needs_its_outcome(mara: Person, office: Space) -> None:
    content = prepare(
        kind="experience",
        title="Four-week invoices",
        body="We tried.",
        fields={"situation": "Cash was slow."},
        tags="",
    )
    with pytest.raises(Invalid) as refused:
        publish_entry(mara, office, content)
    assert refused.value.fields == {"field-outcome": "field.missing"}


def test_a_required_tag_of_the_space_is_asked_for(mara: Person, office: Space) -> None:
    with transaction():
        office.required_tags = ["hardware"]
    with pytest.raises(Invalid) as refused:
        published(mara, office)
    assert refused.value.fields == {"tags": "entry.tags_required"}


def test_restoring_revision_one_of_five_makes_a_sixth_equal_to_it(
    mara: Person, office: Space
) -> None:
    entry = published(mara, office, body="First  \r\nwords\n\n")
    for number in range(1, 5):
        with transaction():
            content = prepare(**words(f"Words {number}", tags="other"))  # type: ignore[arg-type]
            revise_entry(mara, entry, content, base_number=number)
    first = revision_of(entry, 1)
    with transaction():
        restore_revision(mara, entry, first, base_number=5)
    sixth = revision_of(entry, 6)
    assert entry.current_number == 6
    for name in ("title", "body", "fields", "tags", "sections", "plain_text", "digest"):
        assert getattr(sixth, name) == getattr(first, name)
    assert [tag.name for tag in db.session.get(Entry, entry.id).tags] == [  # type: ignore[union-attr]
        "floor-3",
        "printer",
    ]


def test_the_same_words_again_make_no_revision(mara: Person, office: Space) -> None:
    entry = published(mara, office)
    with transaction():
        revise_entry(mara, entry, prepare(**words()), base_number=1)  # type: ignore[arg-type]
    assert entry.current_number == 1


def test_changing_the_kind_keeps_id_and_history(mara: Person, office: Space) -> None:
    entry = published(mara, office)
    before = entry.id
    content = prepare(
        kind="tutorial",
        title="Restart the printer",
        body="## Off\n\nPress.\n\n## On\n\nPress again.",
        fields={"goal": "A printer that prints."},
        tags="",
    )
    with transaction():
        revise_entry(mara, entry, content, base_number=1)
    assert (entry.id, entry.kind, entry.current_number) == (before, "tutorial", 2)
    assert [s["role"] for s in entry.revision.sections] == ["field", "step", "step"]


def test_step_keys_survive_a_reworded_heading(mara: Person, office: Space) -> None:
    tutorial = {"kind": "tutorial", "fields": {"goal": "It prints."}, "tags": ""}
    entry = published(
        mara, office, body="## Turn it off\n\na\n\n## Wait\n\nb", **tutorial
    )
    before = [s["key"] for s in entry.revision.sections if s["role"] == "step"]
    content = prepare(
        title="Restart", body="## Turn it right off\n\na\n\n## Wait\n\nb", **tutorial
    )  # type: ignore[arg-type]
    with transaction():
        revise_entry(mara, entry, content, base_number=1)
    after = [s["key"] for s in entry.revision.sections if s["role"] == "step"]
    assert after == before


def test_a_stale_save_is_a_conflict(mara: Person, office: Space) -> None:
    entry = published(mara, office)
    with transaction():
        revise_entry(mara, entry, prepare(**words("Theirs")), base_number=1)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        revise_entry(mara, entry, prepare(**words("Mine")), base_number=1)  # type: ignore[arg-type]


def test_two_people_saving_at_once_have_one_winner(
    mara: Person, office: Space, make_app: Callable[..., Flask]
) -> None:
    entry_id = published(mara, office).id
    person_id = mara.id
    app, start, outcomes = make_app(), threading.Barrier(2), []

    def save(text: str) -> None:
        content = prepare(**words(text))  # type: ignore[arg-type]
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    entry = db.session.get_one(Entry, entry_id)
                    actor = db.session.get_one(Person, person_id)
                    revise_entry(actor, entry, content, base_number=1)
                outcomes.append("saved")
            except Conflict:
                outcomes.append("conflict")

    threads = [threading.Thread(target=save, args=(t,)) for t in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    db.session.rollback()
    numbers = db.session.scalars(
        sa.select(Revision.number).where(Revision.entry_id == entry_id)
    ).all()
    assert sorted(numbers) == [1, 2]


def test_only_owner_and_facilitators_change_an_entry(
    mara: Person, office: Space
) -> None:
    writer, reader = factories.person(), factories.person()
    entry = published(writer, office)
    content = prepare(**words("Changed"))  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        revise_entry(reader, entry, content, base_number=1)
    with transaction():
        revise_entry(mara, entry, content, base_number=1)
    assert entry.revision.author_id == mara.id


def test_moving_asks_both_spaces(mara: Person, office: Space) -> None:
    stranger = factories.person()
    private = factories.space(stranger, "Secret", Visibility.PRIVATE)
    entry = published(mara, office)
    with pytest.raises(NotAllowed):
        move_entry(mara, entry, private)


def test_what_is_taken_down_comes_back_only_by_who_took_it(
    mara: Person, office: Space
) -> None:
    writer = factories.person()
    entry = published(writer, office)
    with transaction():
        hide_entry(writer, entry)
    assert entry.status is EntryStatus.HIDDEN
    with pytest.raises(NotAllowed):
        restore_entry(mara, entry)
    with transaction():
        restore_entry(writer, entry)
        hide_entry(mara, entry)
    with pytest.raises(NotAllowed):
        restore_entry(writer, entry)
