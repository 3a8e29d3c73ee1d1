"""What is known here of things that came from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import (
    Attachment,
    Draft,
    Entry,
    ExternalId,
    Person,
    PersonState,
    Role,
)
from forum.policies import visible_entries


@dataclass(frozen=True, slots=True)
class Known:
    """A record taken earlier: what it became, and whether it was changed here since."""

    noun: str
    noun_id: int
    digest: str
    edited_here: bool


def known_records(source_ids: Sequence[str]) -> dict[str, Known]:
    """Return what became of these records, as far as they were taken."""
    number = sa.func.coalesce(Entry.current_number, Draft.version)
    rows = db.session.execute(
        sa.select(
            ExternalId.source_id,
            ExternalId.noun,
            ExternalId.noun_id,
            ExternalId.digest,
            ExternalId.revision_number,
            number,
        )
        .outerjoin(
            Entry, sa.and_(ExternalId.noun == "entry", Entry.id == ExternalId.noun_id)
        )
        .outerjoin(
            Draft, sa.and_(ExternalId.noun == "draft", Draft.id == ExternalId.noun_id)
        )
        .where(ExternalId.source_id.in_(source_ids))
    )
    return {
        row[0]: Known(row[1], row[2], row[3], edited_here=row[4] != row[5])
        for row in rows
    }


def external_ids(source_ids: Sequence[str]) -> dict[str, ExternalId]:
    """Return the rows of these records, to be brought up to date."""
    rows = db.session.scalars(
        sa.select(ExternalId).where(ExternalId.source_id.in_(source_ids))
    )
    return {row.source_id: row for row in rows}


def attachments_of(
    *, entry: Entry | None = None, draft: Draft | None = None
) -> Sequence[Attachment]:
    """Return the files of an entry, or of a draft."""
    if entry is not None:
        mine = Attachment.entry_id == entry.id
    else:
        mine = Attachment.draft_id == (draft.id if draft else None)
    return db.session.scalars(
        sa.select(Attachment).where(mine).order_by(Attachment.id)
    ).all()


def entry_from_source(actor: Person, source_id: str) -> Entry:
    """Return the readable entry that a record of an import became."""
    entry = db.session.scalar(
        sa.select(Entry)
        .join(
            ExternalId,
            sa.and_(ExternalId.noun == "entry", ExternalId.noun_id == Entry.id),
        )
        .where(ExternalId.source_id == source_id, visible_entries(actor))
    )
    if entry is None:
        raise NotVisible
    return entry


def oldest_admin() -> Person | None:
    """Return who imports where nobody is named."""
    return db.session.scalar(
        sa.select(Person)
        .where(Person.role == Role.ADMIN, Person.state == PersonState.ACTIVE)
        .order_by(Person.id)
        .limit(1)
    )
