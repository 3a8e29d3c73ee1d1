"""How people get in: sessions, invitations, resets, lock-outs, tokens for programs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key
from forum.models.people import Person, Role


class LogIn(Base):
    """A browser in which somebody is logged in. The cookie holds what hashes to it."""

    __tablename__ = "log_in"

    id: Mapped[Key]
    person_id: Mapped[int] = person_key(index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime]
    seen_on: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


class InvitationState(StrEnum):
    """An invitation is open until somebody takes it or takes it back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Invitation(Base):
    """A place kept for a colleague; its link is signed and works once."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_by_id IS NOT NULL)",
            name="accepted_by_somebody",
        ),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(sa.String(254))
    email_folded: Mapped[str] = mapped_column(sa.String(254), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"), default=Role.MEMBER)
    space_id: Mapped[int | None] = mapped_column(sa.ForeignKey("space.id"))
    nonce: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[InvitationState] = mapped_column(
        enum_type(InvitationState, "state"), default=InvitationState.OPEN
    )
    state_at: Mapped[datetime]
    accepted_by_id: Mapped[int | None] = person_key()
    invited_by_id: Mapped[int] = person_key()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    invited_by: Mapped[Person] = relationship(foreign_keys=[invited_by_id])

    __mapper_args__ = {"version_id_col": version}


class PasswordReset(Base):
    """A link with which one person may choose a new password, once."""

    __tablename__ = "password_reset"

    id: Mapped[Key]
    person_id: Mapped[int] = person_key(index=True)
    nonce: Mapped[str] = mapped_column(sa.String(32))
    made_by_id: Mapped[int | None] = person_key()
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __mapper_args__ = {"version_id_col": version}


class LoginFailure(Base):
    """Failed log-ins for one address, known or not, and until when it is locked."""

    __tablename__ = "login_failure"

    email_folded: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    count: Mapped[int]
    first_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class ApiToken(Base):
    """A program's right to act for a person, within its scopes and until it expires."""

    __tablename__ = "api_token"

    id: Mapped[Key]
    person_id: Mapped[int] = person_key(index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    scopes: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class IdempotencyKey(Base):
    """The answer to a program's POST, kept so that a repeated one is not done twice."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = person_key()
    key: Mapped[str] = mapped_column(sa.String(200))
    request_digest: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str] = mapped_column(sa.String(500))
    created_at: Mapped[datetime] = mapped_column(index=True)
