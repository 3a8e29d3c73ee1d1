"""Drafts: saved often, published once, discarded undoably."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.actions.content import Content, clean_text
from forum.actions.entries import move_entry, publish_entry, revise_entry
from forum.errors import Conflict, NotVisible
from forum.extensions import db
from forum.models import (
    Attachment,
    Comment,
    Draft,
    DraftNoun,
    DraftState,
    Entry,
    Person,
    Space,
)
from forum.policies import readable_spaces, visible_comments, visible_entries

UNDO_DISCARD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Typed:
    """What a form holds, exactly as typed; nothing in it has been checked."""

    kind: str = ""
    title: str = ""
    body: str = ""
    tags: str = ""
    reason: str = ""
    fields: dict[str, Any] | None = None
    space_id: int | None = None
    entry_id: int | None = None
    parent_id: int | None = None
    base_number: int | None = None
    noun: DraftNoun = DraftNoun.ENTRY


def save_draft(
    actor: Person,
    key: str,
    typed: Typed,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Draft:
    """Keep what was typed, finished or not, under the page's key.

    Raises Conflict when the draft was saved elsewhere after `version` (another tab or
    computer), or published or discarded meanwhile; NotVisible for a key of somebody
    else.
    """
    draft = own_draft(actor, key) or _new_draft(actor, key)
    if version is not None and draft.version != version:
        raise Conflict(theirs=draft)
    if draft.state is not DraftState.OPEN:
        raise Conflict(theirs=draft)
    now = at or clock.now()
    for name in ("kind", "title", "body", "tags", "reason"):
        setattr(draft, name, clean_text(getattr(typed, name)))
    draft.noun = typed.noun
    draft.fields = {
        clean_text(name): _clean(value)
        for name, value in (typed.fields or {}).items()
        if value
    }
    _say_what_for(actor, draft, typed)
    draft.base_number = typed.base_number
    draft.updated_at = now
    db.session.flush()
    return draft


def _say_what_for(actor: Person, draft: Draft, typed: Typed) -> None:
    """Keep what the draft belongs to: a form may name anything, also what is not there
    or not for the actor; then only the words are kept.
    """
    for name, model, visible in (
        ("space_id", Space, readable_spaces),
        ("entry_id", Entry, visible_entries),
        ("parent_id", Comment, visible_comments),
    ):
        wanted = getattr(typed, name)
        if wanted != getattr(draft, name):
            known = sa.select(model.id).where(model.id == wanted, visible(actor))
            setattr(draft, name, db.session.scalar(known) if wanted else None)


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return clean_text(value) if isinstance(value, str) else value


def own_draft(actor: Person, key: str) -> Draft | None:
    """Return the actor's draft of that key, or None; NotVisible for somebody else's."""
    draft = db.session.scalar(sa.select(Draft).where(Draft.key == key))
    if draft is not None and draft.person_id != actor.id:
        raise NotVisible
    return draft


def _new_draft(actor: Person, key: str) -> Draft:
    now = clock.now()
    draft = Draft(
        key=key, person_id=actor.id, state_at=now, created_at=now, updated_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError as taken:
        # The same page sent twice at once: the other request has made the row.
        draft_of_other = own_draft(actor, key)
        if draft_of_other is None:
            raise NotVisible from taken
        return draft_of_other
    return draft


def publish_draft(
    actor: Person, key: str, typed: Typed, content: Content, space: Space
) -> Entry:
    """Publish what a draft has become, together with the draft, in one transaction.

    A draft that names an entry becomes its next revision, any other a new entry. Sent
    twice, it is published once and the second answer is the same entry.
    """
    draft = own_draft(actor, key) or _new_draft(actor, key)
    if draft.state is DraftState.PUBLISHED and draft.entry is not None:
        return draft.entry
    entry = db.session.get(Entry, typed.entry_id) if typed.entry_id else None
    if entry is None:
        entry = publish_entry(actor, space, content)
    else:
        revise_entry(
            actor,
            entry,
            content,
            base_number=typed.base_number or 0,
            reason=clean_text(typed.reason),
        )
        move_entry(actor, entry, space)
    finish_draft(draft, entry)
    return entry


def finish_draft(draft: Draft, entry: Entry) -> None:
    """Mark a draft as published and hand its files over to the entry."""
    draft.state = DraftState.PUBLISHED
    draft.state_at = clock.now()
    draft.entry_id = entry.id
    # The words live in the revision from here on.
    draft.body = draft.title = draft.tags = draft.reason = ""
    draft.fields = {}
    db.session.flush()
    db.session.execute(
        sa.update(Attachment)
        .where(Attachment.draft_id == draft.id)
        .values(draft_id=None, entry_id=entry.id)
    )


def discard_draft(actor: Person, key: str) -> Draft:
    """Put a draft aside; for 30 days it can be brought back."""
    return _switch(actor, key, DraftState.OPEN, DraftState.DISCARDED)


def recover_draft(actor: Person, key: str) -> Draft:
    """Bring a discarded draft back."""
    return _switch(actor, key, DraftState.DISCARDED, DraftState.OPEN)


def _switch(actor: Person, key: str, before: DraftState, after: DraftState) -> Draft:
    draft = own_draft(actor, key)
    if draft is None:
        raise NotVisible
    if draft.state is before:
        draft.state = after
        draft.state_at = clock.now()
    return draft


def purge_discarded_drafts() -> int:
    """Delete drafts that were discarded more than 30 days ago; return how many."""
    limit = clock.now() - UNDO_DISCARD_FOR
    gone = db.session.scalars(
        sa.select(Draft.id).where(
            Draft.state == DraftState.DISCARDED, Draft.state_at < limit
        )
    ).all()
    if gone:
        db.session.execute(sa.delete(Attachment).where(Attachment.draft_id.in_(gone)))
        db.session.execute(sa.delete(Draft).where(Draft.id.in_(gone)))
    return len(gone)
