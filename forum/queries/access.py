"""Who is behind a cookie or a token."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from forum.extensions import db
from forum.models import ApiToken, LogIn, Person, PersonState, Role, Site


def log_in_of(token_hash: str, now: datetime) -> tuple[LogIn, Site] | None:
    """Return the living log-in behind a cookie with its person, and the site.

    One statement. A deactivated person, an ended or an expired log-in is nobody.
    """
    row = db.session.execute(
        sa.select(LogIn, Site)
        .join(LogIn.person)
        .join(Site, sa.true())
        .options(contains_eager(LogIn.person))
        .where(
            LogIn.token_hash == token_hash,
            LogIn.expires_at > now,
            Person.state == PersonState.ACTIVE,
        )
    ).first()
    return (row[0], row[1]) if row else None


def token_of(token_hash: str, now: datetime) -> ApiToken | None:
    """Return the living API token with its person, or None."""
    return db.session.scalar(
        sa.select(ApiToken)
        .join(ApiToken.person)
        .options(contains_eager(ApiToken.person))
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.expires_at > now,
            ApiToken.revoked_at.is_(None),
            Person.state == PersonState.ACTIVE,
        )
    )


def the_site() -> Site | None:
    """Return the forum's name and size, or None before it is set up."""
    return db.session.get(Site, 1)


def log_ins_of(person_id: int, now: datetime) -> list[LogIn]:
    """Return where a person is logged in, the latest first."""
    return list(
        db.session.scalars(
            sa.select(LogIn)
            .where(LogIn.person_id == person_id, LogIn.expires_at > now)
            .order_by(LogIn.seen_on.desc(), LogIn.id.desc())
        )
    )


def password_hash_of(email_folded: str) -> str | None:
    """Return the hash to verify a password against; None for an unknown address."""
    return db.session.scalar(
        sa.select(Person.password_hash).where(Person.email_folded == email_folded)
    )


def people_of_the_demo() -> list[Person]:
    """Return one active colleague of each role, for the buttons “Continue as …”."""
    first = (
        sa.select(sa.func.min(Person.id))
        .where(Person.state == PersonState.ACTIVE)
        .group_by(Person.role)
    )
    rows = db.session.scalars(sa.select(Person).where(Person.id.in_(first))).all()
    order = list(Role)
    return sorted(rows, key=lambda person: order.index(person.role), reverse=True)
