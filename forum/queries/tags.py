"""What the pages of tags read. Counts never count what the reader may not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import Entry, EntryTag, Person, PersonTag, Tag, Wish
from forum.policies import listed_entries, listed_people, visible_tags
from forum.queries.cards import Card, Sort, cards
from forum.queries.paging import Page, after, decode, page_of

TAGS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in the list, with the number of entries the reader can find under it."""

    id: int
    name: str
    description: str
    entry_count: int


@dataclass(frozen=True, slots=True)
class TagPage:
    """A tag's page: what it means, its other names, who can help, what carries it."""

    tag: Tag
    entry_count: int
    synonyms: Sequence[str]
    helpers: Sequence[Person]
    entries: Page[Card]


def tags_index(actor: Person, cursor: str | None = None) -> Page[TagRow]:
    """Return a page of the commonest tags that `actor` can find. One statement."""
    number = sa.func.count(Entry.id)
    select = (
        sa.select(Tag.id, Tag.name, Tag.description, number.label("entry_count"))
        .join(EntryTag, EntryTag.tag_id == Tag.id)
        .join(Entry, Entry.id == EntryTag.entry_id)
        .where(listed_entries(actor))
        .group_by(Tag.id, Tag.name, Tag.description)
    )
    order = (-number, Tag.id)
    if cursor:
        values = decode(cursor, (int, int))
        select = select.having(after(order, values, descending=False))
    fetched = db.session.execute(select.order_by(*order).limit(TAGS_A_PAGE + 1)).all()
    page = page_of(fetched, TAGS_A_PAGE, lambda row: (-row.entry_count, row.id), cursor)
    return Page([TagRow(*row) for row in page.rows], page.next, page.is_first)


def tag_of_name(actor: Person, name: str) -> Tag:
    """Return the tag of that name, or the one it is a synonym of, if `actor` sees it.

    Its name differs from the one asked for when that is a synonym or written in
    capitals: the page answers one 301. One statement.
    """
    if not name.isprintable():
        raise NotVisible
    synonym = aliased(Tag)
    points_at = sa.select(synonym.synonym_of_id).where(
        synonym.name == name.lower(), synonym.synonym_of_id.is_not(None)
    )
    tag: Tag | None = db.session.scalar(
        sa.select(Tag).where(
            sa.or_(Tag.name == name.lower(), Tag.id.in_(points_at)),
            Tag.synonym_of_id.is_(None),
            visible_tags(actor),
        )
    )
    if tag is None:
        raise NotVisible
    return tag


def tag_page(
    actor: Person,
    tag: Tag,
    *,
    kind: str = "",
    sort: Sort = "new",
    cursor: str | None = None,
) -> TagPage:
    """Return the page of a tag that `actor` may see. Four statements at most."""
    carries = Entry.id.in_(
        sa.select(EntryTag.entry_id).where(EntryTag.tag_id == tag.id)
    )
    criteria = [carries, *([Entry.kind == kind] if kind else [])]
    count = sa.select(sa.func.count(Entry.id)).where(listed_entries(actor), carries)
    names = (
        sa.select(count.scalar_subquery(), Tag.name)
        .select_from(sa.select(sa.literal(1).label("one")).subquery())
        .outerjoin(Tag, Tag.synonym_of_id == tag.id)
        .order_by(Tag.name)
    )
    rows = db.session.execute(names).all()
    return TagPage(
        tag=tag,
        entry_count=rows[0][0],
        synonyms=[name for _, name in rows if name],
        helpers=_helpers(actor, tag),
        entries=cards(actor, *criteria, sort=sort, cursor=cursor),
    )


def _helpers(actor: Person, tag: Tag) -> list[Person]:
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(PersonTag, PersonTag.person_id == Person.id)
            .where(
                PersonTag.tag_id == tag.id,
                PersonTag.wish == Wish.OFFER,
                listed_people(actor),
            )
            .order_by(Person.name, Person.id)
            .limit(8)
        )
    )
