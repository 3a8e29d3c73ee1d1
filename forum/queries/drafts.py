"""A person's own drafts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import (
    Attachment,
    Draft,
    DraftNoun,
    DraftState,
    Entry,
    EntryStatus,
    Person,
)
from forum.policies import visible_drafts, visible_entries


def drafts_of(actor: Person, state: DraftState, limit: int = 100) -> list[Draft]:
    """Return own drafts in that state, the latest first.

    `entry` is None where it may not, or no longer, be read: a title is a text too.
    """
    return list(
        db.session.scalars(
            sa.select(Draft)
            .where(visible_drafts(actor), Draft.state == state, _has_words())
            .options(joinedload(Draft.entry.and_(visible_entries(actor))))
            .order_by(Draft.updated_at.desc(), Draft.id.desc())
            .limit(limit)
        )
    )


def _has_words() -> sa.ColumnElement[bool]:
    # The page saves by itself: a form that was touched and emptied is no draft to list.
    return sa.or_(
        Draft.title != "",
        Draft.body != "",
        Draft.tags != "",
        sa.cast(Draft.fields, sa.Text) != "{}",
    )


def draft_with_key(actor: Person, key: str) -> Draft:
    """Return the own draft of that key; NotVisible otherwise."""
    draft = db.session.scalar(
        sa.select(Draft)
        .where(Draft.key == key, visible_drafts(actor))
        .options(joinedload(Draft.entry.and_(visible_entries(actor))))
    )
    if draft is None:
        raise NotVisible
    return draft


def draft_for_entry(actor: Person, entry_id: int) -> Draft | None:
    """Return the open draft of the actor that edits this entry, the latest one."""
    return db.session.scalar(
        sa.select(Draft)
        .where(
            visible_drafts(actor),
            Draft.entry_id == entry_id,
            Draft.noun == DraftNoun.ENTRY,
            Draft.state == DraftState.OPEN,
        )
        .order_by(Draft.updated_at.desc())
        .limit(1)
    )


def files_of_draft(draft: Draft) -> list[Attachment]:
    """Return the files added to a draft so far."""
    return list(
        db.session.scalars(
            sa.select(Attachment)
            .where(Attachment.draft_id == draft.id)
            .order_by(Attachment.id)
        )
    )


def taken_down(actor: Person, limit: int = 50) -> list[Entry]:
    """Return the actor's entries that they took down and can bring back."""
    return list(
        db.session.scalars(
            sa.select(Entry)
            .where(
                Entry.owner_id == actor.id,
                Entry.status == EntryStatus.HIDDEN,
                Entry.status_by_id == actor.id,
                visible_entries(actor),
            )
            .order_by(Entry.status_at.desc())
            .limit(limit)
        )
    )
