"""What the pages of entries read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import Entry, Person, Revision, StepTick
from forum.policies import visible_entries

# An entry as its page shows it, in two statements: the row, and its tags.
FOR_A_PAGE = (
    joinedload(Entry.space),
    joinedload(Entry.owner),
    joinedload(Entry.revision).joinedload(Revision.author),
    joinedload(Entry.origin),
    selectinload(Entry.tags),
)
FOR_AN_ACTION = (
    joinedload(Entry.space),
    joinedload(Entry.revision),
    selectinload(Entry.tags),
)


def ticks_of(actor: Person, entry_id: int) -> set[str]:
    """Return the steps that the reader has ticked."""
    return set(
        db.session.scalars(
            sa.select(StepTick.section_key).where(
                StepTick.person_id == actor.id, StepTick.entry_id == entry_id
            )
        )
    )


def titles_for(
    actor: Person, links: Iterable[Mapping[str, Any]]
) -> dict[int, tuple[str, str, str]]:
    """Return kind, slug and title of linked entries that `actor` may read, by id.

    What they may not read is left out: a link to it never shows its title.
    """
    wanted = {
        int(link["target"])
        for link in links
        if link["kind"] == "entry"
        and str(link["target"]).isascii()
        and str(link["target"]).isdigit()
        and len(str(link["target"])) < 10
    }
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(Entry.id, Entry.kind, Entry.slug, Entry.title).where(
            Entry.id.in_(wanted), visible_entries(actor)
        )
    )
    return {row.id: (row.kind, row.slug, row.title) for row in rows}


def entry_with_title(actor: Person, title: str) -> Entry:
    """Return the oldest readable entry of that title, for `[[Title]]` links."""
    entry = db.session.scalar(
        sa.select(Entry)
        .where(sa.func.lower(Entry.title) == title.lower(), visible_entries(actor))
        .order_by(Entry.id)
        .limit(1)
    )
    if entry is None:
        raise NotVisible
    return entry


def revision_of(entry: Entry, number: int) -> Revision:
    """Return one revision of an entry the caller may read."""
    if not 0 < number <= entry.current_number:
        raise NotVisible
    revision = db.session.scalar(
        sa.select(Revision)
        .where(Revision.entry_id == entry.id, Revision.number == number)
        .options(joinedload(Revision.author))
    )
    if revision is None:
        raise NotVisible
    return revision


def history_of(entry: Entry, before: int | None, size: int = 50) -> list[Revision]:
    """Return revisions newest first, without their words, one more than `size`."""
    query = (
        sa.select(Revision)
        .where(Revision.entry_id == entry.id)
        .options(
            joinedload(Revision.author),
            sa.orm.load_only(
                Revision.number,
                Revision.title,
                Revision.kind,
                Revision.reason,
                Revision.small,
                Revision.created_at,
                Revision.author_id,
            ),
        )
        .order_by(Revision.number.desc())
        .limit(size + 1)
    )
    if before is not None:
        query = query.where(Revision.number < before)
    return list(db.session.scalars(query))
