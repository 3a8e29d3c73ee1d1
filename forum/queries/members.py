"""Who is in a Space, and who could be."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Person, Space, SpaceMember, SpaceRole
from forum.policies import listed_people, readable_spaces
from forum.queries.paging import Page, after, decode, page_of

MEMBERS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a Space, as its members page lists them."""

    person: Person
    role: SpaceRole


def members(actor: Person, space: Space, cursor: str | None = None) -> Page[MemberRow]:
    """Return a page of a readable Space's members, facilitators first."""
    rank = sa.case((SpaceMember.role == SpaceRole.FACILITATOR, 0), else_=1)
    order = (rank, sa.func.lower(Person.name, type_=sa.String()), Person.id)
    select = (
        sa.select(
            Person,
            SpaceMember.role,
            order[0].label("rank"),
            order[1].label("folded"),
        )
        .join(SpaceMember, SpaceMember.person_id == Person.id)
        .join(Space, Space.id == SpaceMember.space_id)
        .where(Space.id == space.id, readable_spaces(actor))
    )
    if cursor:
        values = decode(cursor, (int, str, int))
        select = select.where(after(order, values, descending=False))
    fetched = db.session.execute(
        select.order_by(*order).limit(MEMBERS_A_PAGE + 1)
    ).all()
    page = page_of(
        fetched, MEMBERS_A_PAGE, lambda row: (row.rank, row.folded, row[0].id), cursor
    )
    return Page([MemberRow(*row[:2]) for row in page.rows], page.next, page.is_first)


def people_to_add(actor: Person, space: Space, words: str) -> list[Person]:
    """Return up to ten colleagues of that name who are not yet members."""
    words = words.replace("\0", "").strip()
    if not words:
        return []
    already = sa.select(SpaceMember.person_id).where(SpaceMember.space_id == space.id)
    name = sa.func.lower(Person.name).contains(words.lower(), autoescape=True)
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(listed_people(actor), name, Person.id.not_in(already))
            .order_by(Person.name, Person.id)
            .limit(10)
        )
    )
