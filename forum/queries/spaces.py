"""What the pages of Spaces read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from forum.errors import NotVisible
from forum.extensions import db
from forum.models import (
    Entry,
    EntryTag,
    Person,
    Space,
    SpaceAlias,
    SpaceKind,
    SpaceMember,
    SpaceRole,
    SpaceTemplate,
    Tag,
    Visibility,
)
from forum.policies import (
    can_read_space,
    listed_entries,
    readable_spaces,
    visible_spaces,
)
from forum.queries.cards import Card, Sort, cards
from forum.queries.paging import Page, after, decode, page_of
from forum.rules.kinds import Field

SPACES_A_PAGE = 50
COMMONEST = 12


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A Space in the list; `entry_count` is 0 where its content may not be read."""

    id: int
    slug: str
    name: str
    purpose: str
    kind: SpaceKind
    visibility: Visibility
    member_count: int
    entry_count: int
    role: SpaceRole | None
    readable: bool


@dataclass(frozen=True, slots=True)
class Landing:
    """A Space's page. Without `readable` it holds name, purpose and size, no more."""

    space: Space
    member_count: int
    readable: bool
    entry_count: int = 0
    facilitators: Sequence[Person] = ()
    entries: Page[Card] | None = None
    tags: Sequence[tuple[str, int]] = ()


def spaces_index(actor: Person, cursor: str | None = None) -> Page[SpaceRow]:
    """Return a page of the Spaces `actor` may know of, by name. One statement."""
    readable = Space.id.in_(sa.select(Space.id).where(readable_spaces(actor)))
    mine = _my_role(actor)
    select = sa.select(
        Space.id,
        Space.slug,
        Space.name,
        Space.purpose,
        Space.kind,
        Space.visibility,
        _member_count().label("member_count"),
        _entry_count(actor).label("entry_count"),
        mine.label("role"),
        readable.label("readable"),
    ).where(visible_spaces(actor))
    order = (sa.func.lower(Space.name, type_=sa.String()), Space.id)
    if cursor:
        select = select.where(
            after(order, decode(cursor, (str, int)), descending=False)
        )
    select = select.add_columns(order[0].label("folded")).order_by(*order)
    fetched = db.session.execute(select.limit(SPACES_A_PAGE + 1)).all()
    page = page_of(fetched, SPACES_A_PAGE, lambda row: (row.folded, row.id), cursor)
    return Page([SpaceRow(*row[:10]) for row in page.rows], page.next, page.is_first)


def space_of_slug(actor: Person, slug: str) -> Space:
    """Return the Space of a present or former address, if `actor` may know of it.

    Its `slug` differs from the one asked for when the address is an old one: the page
    answers one 301. One statement.
    """
    return _one_of_slug(slug, visible_spaces(actor))


def readable_space_of_slug(actor: Person, slug: str) -> Space:
    """Return the Space of an address, if `actor` may read what is in it."""
    return _one_of_slug(slug, readable_spaces(actor))


def landing(
    actor: Person,
    slug: str,
    *,
    kind: str = "",
    sort: Sort = "new",
    cursor: str | None = None,
) -> Landing:
    """Return the page of a Space `actor` may know of, by present or former address.

    Whoever may not read it learns its size, but nothing of entries, members and tags.
    Five statements, two for a page that shows no more than the size.
    """
    counts = (_member_count(), _entry_count(actor))
    row = db.session.execute(_of_slug(slug, visible_spaces(actor), *counts)).first()
    if row is None:
        raise NotVisible
    space, members, entries = row
    facilitators = _load_rights(actor, space.id)
    if not can_read_space(actor, space):
        return Landing(space, members, readable=False)
    criteria = [Entry.space_id == space.id, *([Entry.kind == kind] if kind else [])]
    return Landing(
        space,
        members,
        readable=True,
        entry_count=entries,
        facilitators=facilitators,
        entries=cards(actor, *criteria, sort=sort, cursor=cursor),
        tags=_commonest_tags(actor, space.id),
    )


def writable_spaces(actor: Person) -> list[tuple[int, str, str]]:
    """Return id, slug and name of the Spaces `actor` may write in, theirs first."""
    mine = sa.case((_my_role(actor).is_not(None), 0), else_=1)
    rows = db.session.execute(
        sa.select(Space.id, Space.slug, Space.name)
        .where(readable_spaces(actor))
        .order_by(mine, sa.func.lower(Space.name), Space.id)
    )
    return [(row.id, row.slug, row.name) for row in rows]


def usual_space(actor: Person) -> int | None:
    """Return the Space in which `actor` published last, if they may still read it."""
    return db.session.scalar(
        sa.select(Entry.space_id)
        .join(Entry.space)
        .where(Entry.owner_id == actor.id, readable_spaces(actor))
        .order_by(Entry.published_at.desc())
        .limit(1)
    )


def templates_of(space_id: int) -> dict[str, SpaceTemplate]:
    """Return what a Space adds to the kinds of entry, by kind."""
    rows = db.session.scalars(
        sa.select(SpaceTemplate).where(SpaceTemplate.space_id == space_id)
    )
    return {template.kind: template for template in rows}


def extra_fields(template: SpaceTemplate | None) -> tuple[Field, ...]:
    """Return the fields of a Space's template.

    Their labels and hints are the Space's own words, not message keys.
    """
    return tuple(_field(each) for each in (template.fields if template else ()))


def extra_fields_of(space_id: int, kind: str) -> tuple[Field, ...]:
    """Return the fields that a Space adds to entries of that kind."""
    return extra_fields(db.session.get(SpaceTemplate, (space_id, kind)))


def _field(stored: dict[str, Any]) -> Field:
    return Field(
        key=stored["key"],
        type=stored["type"],
        required=stored["required"],
        choices=tuple(stored["choices"]),
        label_key=stored["label"],
        hint_key=stored["hint"],
        place=stored["place"],
    )


def _one_of_slug(slug: str, criterion: sa.ColumnElement[bool]) -> Space:
    space: Space | None = db.session.scalar(_of_slug(slug, criterion))
    if space is None:
        raise NotVisible
    return space


def _of_slug(
    slug: str, criterion: sa.ColumnElement[bool], *more: sa.ScalarSelect[Any]
) -> sa.Select[Any]:
    if not slug.isprintable():
        raise NotVisible
    old = sa.select(SpaceAlias.space_id).where(SpaceAlias.slug == slug)
    return (
        sa.select(Space, *more)
        .where(sa.or_(Space.slug == slug, Space.id.in_(old)), criterion)
        .order_by((Space.slug == slug).desc())
        .limit(1)
    )


def _load_rights(actor: Person, space_id: int) -> list[Person]:
    """Return the facilitators, and load the actor's memberships along with them."""
    facilitates = SpaceMember.role == SpaceRole.FACILITATOR
    rows = db.session.scalars(
        sa.select(SpaceMember)
        .join(SpaceMember.person)
        .options(contains_eager(SpaceMember.person))
        .where(
            sa.or_(
                SpaceMember.person_id == actor.id,
                sa.and_(SpaceMember.space_id == space_id, facilitates),
            )
        )
        .order_by(Person.name, Person.id)
    ).all()
    set_committed_value(
        actor, "memberships", [row for row in rows if row.person_id == actor.id]
    )
    return [
        row.person
        for row in rows
        if row.space_id == space_id and row.role is SpaceRole.FACILITATOR
    ]


def _member_count() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(SpaceMember)
        .where(SpaceMember.space_id == Space.id)
        .correlate(Space)
        .scalar_subquery()
    )


def _entry_count(actor: Person) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Entry)
        .where(Entry.space_id == Space.id, listed_entries(actor))
        .correlate(Space)
        .scalar_subquery()
    )


def _my_role(actor: Person) -> sa.ScalarSelect[SpaceRole]:
    return (
        sa.select(SpaceMember.role)
        .where(SpaceMember.space_id == Space.id, SpaceMember.person_id == actor.id)
        .correlate(Space)
        .scalar_subquery()
    )


def _commonest_tags(actor: Person, space_id: int) -> list[tuple[str, int]]:
    number = sa.func.count()
    rows = db.session.execute(
        sa.select(Tag.name, number)
        .join(EntryTag, EntryTag.tag_id == Tag.id)
        .join(Entry, Entry.id == EntryTag.entry_id)
        .where(listed_entries(actor), Entry.space_id == space_id)
        .group_by(Tag.id, Tag.name)
        .order_by(number.desc(), Tag.name)
        .limit(COMMONEST)
    )
    return [(name, count) for name, count in rows]
