"""What the API reads: whole rows in a stable order, under the policies of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import Comment, Entry, EntryTag, ExternalId, Person, Revision, Tag
from forum.policies import listed_entries, visible_entries
from forum.queries.paging import Page, after, decode, page_of

_ORDER = (Entry.published_at, Entry.id)
_WITHOUT_WORDS = (
    Revision.number,
    Revision.title,
    Revision.kind,
    Revision.fields,
    Revision.tags,
    Revision.reason,
    Revision.small,
    Revision.created_at,
    Revision.author_id,
)
_WITH_WORDS = (*_WITHOUT_WORDS, Revision.body, Revision.sections)


def entries_page(
    actor: Person,
    *criteria: sa.ColumnElement[bool],
    cursor: str | None,
    size: int,
    words: bool,
) -> Page[Entry]:
    """Return a page of the entries that lists show `actor`, the newest first.

    Two statements; the words themselves are read only when `words` asks for them.
    """
    columns = _WITH_WORDS if words else _WITHOUT_WORDS
    select = (
        sa.select(Entry)
        .where(listed_entries(actor), *criteria)
        .options(
            joinedload(Entry.space),
            joinedload(Entry.owner),
            joinedload(Entry.revision).load_only(*columns),
            selectinload(Entry.tags),
        )
        .order_by(*(column.desc() for column in _ORDER))
        .limit(size + 1)
    )
    if cursor:
        values = decode(cursor, (datetime, int))
        select = select.where(after(_ORDER, values, descending=True))
    fetched = db.session.scalars(select).all()
    return page_of(fetched, size, lambda row: (row.published_at, row.id), cursor)


def with_tag(name: str) -> sa.ColumnElement[bool]:
    """Select entries that carry a tag, named by itself or by a synonym of it."""
    meant = sa.select(sa.func.coalesce(Tag.synonym_of_id, Tag.id)).where(
        Tag.name == name
    )
    return Entry.id.in_(sa.select(EntryTag.entry_id).where(EntryTag.tag_id.in_(meant)))


def source_ids(noun: str, ids: Iterable[int]) -> dict[int, str]:
    """Return the ids that imported records had where they came from, in a statement."""
    wanted = tuple(ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(ExternalId.noun_id, ExternalId.source_id)
        .where(ExternalId.noun == noun, ExternalId.noun_id.in_(wanted))
        .order_by(ExternalId.id.desc())
    )
    return {row.noun_id: row.source_id for row in rows}


def revisions_page(
    entry: Entry, *, cursor: str | None, size: int, words: bool
) -> Page[Revision]:
    """Return a page of the revisions of an entry the caller may read, newest first."""
    columns = _WITH_WORDS if words else _WITHOUT_WORDS
    select = (
        sa.select(Revision)
        .where(Revision.entry_id == entry.id)
        .options(joinedload(Revision.author), sa.orm.load_only(*columns))
        .order_by(Revision.number.desc())
        .limit(size + 1)
    )
    if cursor:
        (before,) = decode(cursor, (int,))
        select = select.where(Revision.number < before)
    fetched = db.session.scalars(select).all()
    return page_of(fetched, size, lambda row: (row.number,), cursor)


def revision_to_change(actor: Person, entry_id: int, number: int) -> Revision | None:
    """Return the words a change starts from, or None when that revision never was.

    NotVisible when `actor` may not read the entry.
    """
    row = db.session.execute(
        sa.select(Entry.id, Revision)
        .outerjoin(
            Revision,
            sa.and_(Revision.entry_id == Entry.id, Revision.number == number),
        )
        .where(Entry.id == entry_id, visible_entries(actor))
    ).first()
    if row is None:
        raise NotVisible
    revision: Revision | None = row[1]
    return revision


def comments_page(entry: Entry, *, cursor: str | None, size: int) -> Page[Comment]:
    """Return a page of what stands under an entry, in the order it was written."""
    select = (
        sa.select(Comment)
        .where(Comment.entry_id == entry.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
        .limit(size + 1)
    )
    if cursor:
        (last,) = decode(cursor, (int,))
        select = select.where(Comment.id > last)
    fetched: Sequence[Comment] = db.session.scalars(select).all()
    return page_of(fetched, size, lambda row: (row.id,), cursor)
