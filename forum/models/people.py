"""People, what they offer and want, and whose texts came from elsewhere."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, Name, enum_type, person_key

if TYPE_CHECKING:
    from forum.models.spaces import SpaceMember


class Role(StrEnum):
    """What a person is in the whole forum. No role opens a closed or private Space."""

    GUEST = "guest"
    MEMBER = "member"
    LEAD = "lead"
    MODERATOR = "moderator"
    ADMIN = "admin"


class PersonState(StrEnum):
    """Active people may log in; deactivated ones and imported authors may not."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    IMPORTED = "imported"


class Wish(StrEnum):
    """Whether a tag on a profile is something to give or something to learn."""

    OFFER = "offer"
    WANT = "want"


class Person(Base):
    """A colleague, or the author of an imported text (no mail, no log-in)."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("origin", "origin_name"),
        sa.CheckConstraint(
            "(state = 'imported') = (origin IS NOT NULL)", name="origin_when_imported"
        ),
        sa.CheckConstraint(
            "(email IS NULL) = (email_folded IS NULL)", name="folded_mail_with_mail"
        ),
        sa.CheckConstraint(
            "state = 'imported' OR email IS NOT NULL", name="mail_unless_imported"
        ),
        sa.Index("ix_person_name", "name", "id"),
    )

    id: Mapped[Key]
    name: Mapped[Name]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    email_folded: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"), default=Role.MEMBER)
    state: Mapped[PersonState] = mapped_column(
        enum_type(PersonState, "state"), default=PersonState.ACTIVE
    )
    state_at: Mapped[datetime]
    state_by_id: Mapped[int | None] = person_key()
    origin: Mapped[str | None] = mapped_column(sa.String(200))
    origin_name: Mapped[str | None] = mapped_column(sa.String(200))
    department: Mapped[str] = mapped_column(sa.String(100), default="")
    bio: Mapped[str] = mapped_column(sa.Text, default="")
    bio_html: Mapped[str] = mapped_column(sa.Text, default="")
    # The attachment that is shown; no foreign key, since attachments name their person.
    picture_id: Mapped[int | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list[SpaceMember]] = relationship(
        back_populates="person", foreign_keys="SpaceMember.person_id", viewonly=True
    )
    tags: Mapped[list[PersonTag]] = relationship(
        cascade="all, delete-orphan", order_by="PersonTag.position"
    )

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @property
    def is_active(self) -> bool:
        """Whether this person may log in (Flask-Login asks this name)."""
        return self.state is PersonState.ACTIVE

    @property
    def is_authenticated(self) -> bool:
        """A Person that reaches a view has logged in (Flask-Login asks this name)."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """Never: nobody acts without a name (Flask-Login asks this name)."""
        return False

    @property
    def picture_url(self) -> str | None:
        """Address of the small picture, or None: then the initials stand."""
        return f"/files/{self.picture_id}/thumbnail" if self.picture_id else None

    @property
    def initials(self) -> str:
        """First letters of the first and last word of the name, for the avatar."""
        words = [word for word in self.name.split() if word[:1].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class PersonTag(Base):
    """A tag somebody can help with, or wants to learn about."""

    __tablename__ = "person_tag"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        sa.ForeignKey("tag.id"), primary_key=True, index=True
    )
    wish: Mapped[Wish] = mapped_column(enum_type(Wish, "wish"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
