"""Entries as lists show them: one row of columns each, never whole texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Entry, EntryTag, Person, Revision, Space, Tag
from forum.policies import listed_entries
from forum.queries.paging import PAGE_SIZE, Page, after, decode, page_of
from forum.rules.kinds import KINDS

Sort = Literal["new", "active"]
SORTS: tuple[Sort, ...] = ("new", "active")

_MOMENTS = {"new": Entry.published_at, "active": Entry.active_at}
_WITH_OUTCOME = tuple(
    kind.key
    for kind in KINDS.values()
    if any(field.key == "outcome" for field in kind.fields)
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an entry.

    `outcome` is the choice an experience ended with, "" for other kinds;
    `owner_picture` is the attachment that shows its owner, or None.
    """

    id: int
    kind: str
    slug: str
    title: str
    excerpt: str
    lang: str
    space_id: int
    space_name: str
    space_slug: str
    owner_id: int
    owner_name: str
    owner_department: str
    owner_picture: int | None
    published_at: datetime
    active_at: datetime
    comment_count: int
    answer_count: int
    outcome: str
    tags: tuple[str, ...] = ()


def cards(
    actor: Person,
    *criteria: sa.ColumnElement[bool],
    sort: Sort = "new",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Card]:
    """Return one page of the entries that lists show `actor` and `criteria` select.

    The newest or the most recently active first. Two statements, one when it is empty.
    A cursor that nobody made here raises NotVisible.
    """
    order = (_MOMENTS[sort], Entry.id)
    select = sa.select(*_columns()).where(listed_entries(actor), *criteria)
    if cursor:
        values = decode(cursor, (datetime, int))
        select = select.where(after(order, values, descending=True))
    select = _joined(select).order_by(*(column.desc() for column in order))
    fetched = db.session.execute(select.limit(size + 1)).all()
    name = _MOMENTS[sort].key
    page = page_of(fetched, size, lambda row: (getattr(row, name), row.id), cursor)
    return Page(_with_tags(page.rows), page.next, page.is_first)


def _columns() -> tuple[Any, ...]:
    return (
        Entry.id,
        Entry.kind,
        Entry.slug,
        Entry.title,
        Entry.excerpt,
        Entry.lang,
        Entry.space_id,
        Space.name.label("space_name"),
        Space.slug.label("space_slug"),
        Entry.owner_id,
        Person.name.label("owner_name"),
        Person.department.label("owner_department"),
        Person.picture_id.label("owner_picture"),
        Entry.published_at,
        Entry.active_at,
        Entry.comment_count,
        Entry.answer_count,
        sa.func.coalesce(Revision.fields["outcome"].as_string(), "").label("outcome"),
    )


def _joined(select: sa.Select[Any]) -> sa.Select[Any]:
    current = sa.and_(
        Revision.entry_id == Entry.id,
        Revision.number == Entry.current_number,
        Entry.kind.in_(_WITH_OUTCOME),
    )
    return (
        select.select_from(Entry)
        .join(Space, Space.id == Entry.space_id)
        .join(Person, Person.id == Entry.owner_id)
        .outerjoin(Revision, current)
    )


def _with_tags(rows: Sequence[Any]) -> list[Card]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    if rows:
        ids = [row.id for row in rows]
        tagged = (
            sa.select(EntryTag.entry_id, Tag.name)
            .join(Tag, Tag.id == EntryTag.tag_id)
            .where(EntryTag.entry_id.in_(ids))
            .order_by(Tag.name)
        )
        for entry_id, name in db.session.execute(tagged):
            names[entry_id].append(name)
    return [Card(**row._mapping, tags=tuple(names[row.id])) for row in rows]
