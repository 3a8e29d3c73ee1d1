"""Spaces: where entries live and who may read them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key
from forum.models.people import Person


class SpaceKind(StrEnum):
    """A topic lasts, a project ends."""

    TOPIC = "topic"
    PROJECT = "project"


class Visibility(StrEnum):
    """Open: everyone reads. Closed: others see name, purpose, size. Private: a 404."""

    OPEN = "open"
    CLOSED = "closed"
    PRIVATE = "private"


class SpaceRole(StrEnum):
    """Facilitators look after a Space and its members."""

    MEMBER = "member"
    FACILITATOR = "facilitator"


class Space(Base):
    """A place for one topic or project."""

    __tablename__ = "space"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    purpose: Mapped[str] = mapped_column(sa.String(500), default="")
    kind: Mapped[SpaceKind] = mapped_column(enum_type(SpaceKind, "kind"))
    visibility: Mapped[Visibility] = mapped_column(
        enum_type(Visibility, "visibility"), index=True
    )
    required_tags: Mapped[list[Any]] = mapped_column(default=list)
    created_by_id: Mapped[int] = person_key()
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    members: Mapped[list[SpaceMember]] = relationship(back_populates="space")

    __mapper_args__ = {"version_id_col": version}


class SpaceMember(Base):
    """A person in a Space, and whether they look after it."""

    __tablename__ = "space_member"

    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, index=True
    )
    role: Mapped[SpaceRole] = mapped_column(enum_type(SpaceRole, "role"))
    since: Mapped[datetime]
    added_by_id: Mapped[int | None] = person_key()

    space: Mapped[Space] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(
        back_populates="memberships", foreign_keys=[person_id]
    )


class SpaceAlias(Base):
    """An old address of a Space; it leads to the present one for ever."""

    __tablename__ = "space_alias"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id"), index=True)


class SpaceTemplate(Base):
    """What a Space adds to one kind of entry: guidance, and fields of its own."""

    __tablename__ = "space_template"

    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    guidance: Mapped[str] = mapped_column(sa.String(1000), default="")
    fields: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
