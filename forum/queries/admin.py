"""What the administration pages and the invitations page read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from forum.extensions import db
from forum.models import (
    ApiToken,
    Invitation,
    InvitationState,
    LogIn,
    Person,
    PersonState,
    Role,
)
from forum.policies import visible_invitations
from forum.queries.paging import Page, after, decode, page_of

ROWS_A_PAGE = 50
MOST_INVITATIONS = 200


@dataclass(frozen=True, slots=True)
class AdminRow:
    """Somebody with an account, as admins see them."""

    id: int
    name: str
    email: str
    department: str
    role: Role
    state: PersonState
    seen_on: datetime | None


def accounts(
    *, name: str = "", cursor: str | None = None, size: int = ROWS_A_PAGE
) -> Page[AdminRow]:
    """Return everybody who has an account, active or not, by name. One statement."""
    seen = (
        sa.select(sa.func.max(LogIn.seen_on))
        .where(LogIn.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    select = sa.select(
        Person.id,
        Person.name,
        Person.email,
        Person.department,
        Person.role,
        Person.state,
        sa.type_coerce(seen, LogIn.seen_on.type).label("seen_on"),
    ).where(Person.state != PersonState.IMPORTED)
    if name.strip():
        words = name.strip()
        select = select.where(
            sa.or_(
                Person.name.icontains(words, autoescape=True),
                Person.email.icontains(words, autoescape=True),
            )
        )
    order = (Person.name, Person.id)
    if cursor:
        select = select.where(
            after(order, decode(cursor, (str, int)), descending=False)
        )
    fetched = db.session.execute(select.order_by(*order).limit(size + 1)).all()
    page = page_of(fetched, size, lambda row: (row.name, row.id), cursor)
    return Page([AdminRow(**r._mapping) for r in page.rows], page.next, page.is_first)


def open_invitations(actor: Person, now: datetime) -> Sequence[Invitation]:
    """Return the waiting invitations whose links `actor` may copy, latest first."""
    return db.session.scalars(
        sa.select(Invitation)
        .join(Invitation.invited_by)
        .options(contains_eager(Invitation.invited_by))
        .where(
            visible_invitations(actor),
            Invitation.state == InvitationState.OPEN,
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
        .limit(MOST_INVITATIONS)
    ).all()


def living_tokens(person: Person, now: datetime) -> Sequence[ApiToken]:
    """Return the tokens with which programs may act for a person, latest first."""
    return db.session.scalars(
        sa.select(ApiToken)
        .where(
            ApiToken.person_id == person.id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.id.desc())
    ).all()


def people_of_address(addresses_folded: Sequence[str]) -> Sequence[str]:
    """Return which of these folded addresses belong to somebody here."""
    if not addresses_folded:
        return []
    return [
        folded
        for folded in db.session.scalars(
            sa.select(Person.email_folded).where(
                Person.email_folded.in_(addresses_folded)
            )
        )
        if folded
    ]
