"""Drafts: saved under the page's key, published once, never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import clock
from forum.actions.content import prepare
from forum.actions.drafts import (
    Typed,
    discard_draft,
    publish_draft,
    purge_discarded_drafts,
    recover_draft,
    save_draft,
)
from forum.errors import Conflict, Invalid, NotVisible
from forum.extensions import db
from forum.forms.editor import new_key
from forum.models import Draft, DraftState, Entry
from forum.unit_of_work import transaction
from tests import factories

POST = Typed(kind="post", title="Hello", body="Everyone", tags="hi")


def content_of(typed: Typed):  # type: ignore[no-untyped-def]
    return prepare(
        kind=typed.kind, title=typed.title, body=typed.body, fields={}, tags=typed.tags
    )


def test_saving_twice_is_one_draft(context: Flask) -> None:
    actor, key = factories.person(), new_key()
    with transaction():
        first = save_draft(actor, key, POST)
    known = first.version
    with transaction():
        again = save_draft(actor, key, Typed(body="more"), version=known)
    assert (again.id, again.body, again.version) == (first.id, "more", known + 1)


def test_a_draft_saved_elsewhere_meanwhile_is_a_conflict(context: Flask) -> None:
    actor, key = factories.person(), new_key()
    with transaction():
        known = save_draft(actor, key, POST).version
    with transaction():
        save_draft(actor, key, Typed(body="the other tab"), version=known)
    with pytest.raises(Conflict) as lost:
        save_draft(actor, key, Typed(body="mine"), version=known)
    assert lost.value.theirs.body == "the other tab"


def test_a_draft_of_somebody_else_does_not_exist(context: Flask) -> None:
    key = new_key()
    with transaction():
        save_draft(factories.person(), key, POST)
    with pytest.raises(NotVisible):
        save_draft(factories.person(), key, POST)


def test_publishing_takes_the_draft_along_and_happens_once(context: Flask) -> None:
    actor, key = factories.person(), new_key()
    space = factories.space(actor)
    with transaction():
        save_draft(actor, key, POST)
    with transaction():
        entry = publish_draft(actor, key, POST, content_of(POST), space)
    with transaction():
        again = publish_draft(actor, key, POST, content_of(POST), space)
    assert again.id == entry.id
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 1
    draft = db.session.scalars(sa.select(Draft)).one()
    assert (draft.state, draft.entry_id) == (DraftState.PUBLISHED, entry.id)


def test_an_autosave_after_the_publishing_brings_no_ghost(context: Flask) -> None:
    actor, key = factories.person(), new_key()
    space = factories.space(actor)
    with transaction():
        publish_draft(actor, key, POST, content_of(POST), space)
    with pytest.raises(Conflict):
        save_draft(actor, key, POST)


def test_a_refused_publication_leaves_the_draft_as_it_was(context: Flask) -> None:
    actor, key = factories.person(), new_key()
    space = factories.space(actor)
    typed = Typed(kind="tip", title="No problem", body="words")
    with transaction():
        save_draft(actor, key, typed)
    with pytest.raises(Invalid), transaction():
        publish_draft(actor, key, typed, content_of(typed), space)
    draft = db.session.scalars(sa.select(Draft)).one()
    assert (draft.state, draft.body) == (DraftState.OPEN, "words")


def test_discarding_can_be_undone_for_thirty_days(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, key = factories.person(), new_key()
    with transaction():
        save_draft(actor, key, POST)
        discard_draft(actor, key)
    with transaction():
        recover_draft(actor, key)
        discard_draft(actor, key)
    later = clock.now() + timedelta(days=29)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert purge_discarded_drafts() == 0
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(days=2))
    with transaction():
        assert purge_discarded_drafts() == 1
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_two_tabs_that_publish_one_page_make_one_entry(
    context: Flask, make_app: Callable[..., Flask]
) -> None:
    import threading

    actor, key = factories.person(), new_key()
    space = factories.space(actor)
    actor_id, space_id, content = actor.id, space.id, content_of(POST)
    app, start, ids = make_app(), threading.Barrier(2), []

    def publish() -> None:
        from forum.models import Person, Space

        with app.app_context():
            start.wait()
            with transaction():
                entry = publish_draft(
                    db.session.get_one(Person, actor_id),
                    key,
                    POST,
                    content,
                    db.session.get_one(Space, space_id),
                )
                ids.append(entry.id)

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(set(ids)) == 1
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 1
