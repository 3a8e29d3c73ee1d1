"""What the pages of people read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Entry, Person, PersonTag, Tag, Wish
from forum.policies import listed_people
from forum.queries.cards import Card, cards
from forum.queries.paging import Page, after, decode, page_of

PEOPLE_A_PAGE = 48
LATEST = 10


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A colleague in a list."""

    id: int
    name: str
    department: str
    picture_id: int | None
    offers: tuple[str, ...] = ()

    @property
    def picture_url(self) -> str | None:
        """Address of the small picture, or None."""
        return f"/files/{self.picture_id}/thumbnail" if self.picture_id else None

    @property
    def initials(self) -> str:
        """First letters of the first and last word of the name."""
        return Person(name=self.name).initials


@dataclass(frozen=True)
class Profile:
    """What a profile shows besides the person: what they give, want and wrote."""

    offers: Sequence[str]
    wants: Sequence[str]
    latest: Page[Card]


def people(
    actor: Person,
    *,
    department: str = "",
    name: str = "",
    cursor: str | None = None,
    size: int = PEOPLE_A_PAGE,
) -> Page[PersonRow]:
    """Return colleagues by name: of one department, or whose names begin so.

    Two statements, one when there is nobody.
    """
    columns = (Person.id, Person.name, Person.department, Person.picture_id)
    select = sa.select(*columns).where(listed_people(actor))
    if department:
        select = select.where(Person.department == department)
    if name.strip():
        select = select.where(_named(name.strip()))
    order = (Person.name, Person.id)
    if cursor:
        select = select.where(
            after(order, decode(cursor, (str, int)), descending=False)
        )
    fetched = db.session.execute(select.order_by(*order).limit(size + 1)).all()
    page = page_of(fetched, size, lambda row: (row.name, row.id), cursor)
    offers = _offers([row.id for row in page.rows])
    rows = [
        PersonRow(**row._mapping, offers=tuple(offers[row.id])) for row in page.rows
    ]
    return Page(rows, page.next, page.is_first)


def departments(actor: Person) -> Sequence[str]:
    """Return the departments that have colleagues, by name."""
    return db.session.scalars(
        sa.select(Person.department)
        .where(listed_people(actor), Person.department != "")
        .distinct()
        .order_by(Person.department)
    ).all()


def profile_of(actor: Person, person: Person, cursor: str | None = None) -> Profile:
    """Return what the profile of a visible person shows to `actor`."""
    offers, wants = wishes_of(person)
    latest = cards(actor, Entry.owner_id == person.id, cursor=cursor, size=LATEST)
    return Profile(offers, wants, latest)


def wishes_of(person: Person) -> tuple[list[str], list[str]]:
    """Return the names of the tags somebody offers and wants. One statement."""
    rows = db.session.execute(
        sa.select(PersonTag.wish, Tag.name)
        .join(Tag, Tag.id == PersonTag.tag_id)
        .where(PersonTag.person_id == person.id)
        .order_by(PersonTag.position, Tag.name)
    ).all()
    named = {wish: [name for each, name in rows if each is wish] for wish in Wish}
    return named[Wish.OFFER], named[Wish.WANT]


def _named(prefix: str) -> sa.ColumnElement[bool]:
    # SQLite folds the case of a to z only, so “élo” also asks for “Élo”.
    spellings = {prefix, prefix.title(), prefix.lower()}
    return sa.or_(
        *(
            test
            for word in spellings
            for test in (
                Person.name.istartswith(word, autoescape=True),
                Person.name.icontains(f" {word}", autoescape=True),
            )
        )
    )


def _offers(ids: Sequence[int]) -> defaultdict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    if ids:
        offered = (
            sa.select(PersonTag.person_id, Tag.name)
            .join(Tag, Tag.id == PersonTag.tag_id)
            .where(PersonTag.person_id.in_(ids), PersonTag.wish == Wish.OFFER)
            .order_by(PersonTag.position, Tag.name)
        )
        for person_id, name in db.session.execute(offered):
            names[person_id].append(name)
    return names
