"""Entries and their revisions: what people have written down."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key
from forum.models.imports import ExternalId
from forum.models.people import Person
from forum.models.spaces import Space
from forum.models.tags import Tag


class EntryStatus(StrEnum):
    """Published for all who read the Space; hidden for its owner alone."""

    PUBLISHED = "published"
    HIDDEN = "hidden"


class Entry(Base):
    """Something written down, whatever its kind; its words live in revisions."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.Index("ix_entry_new", "status", "published_at", "id"),
        sa.Index("ix_entry_space_new", "space_id", "status", "published_at", "id"),
        sa.Index("ix_entry_kind_new", "kind", "status", "published_at", "id"),
        sa.Index("ix_entry_active", "status", "active_at", "id"),
        sa.CheckConstraint("current_number >= 1", name="has_revision"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sa.String(20))
    space_id: Mapped[int] = mapped_column(sa.ForeignKey("space.id"))
    slug: Mapped[str] = mapped_column(sa.String(100))
    title: Mapped[str] = mapped_column(sa.String(200))
    excerpt: Mapped[str] = mapped_column(sa.String(300), default="")
    lang: Mapped[str] = mapped_column(sa.String(20), default="")
    status: Mapped[EntryStatus] = mapped_column(
        enum_type(EntryStatus, "status"), default=EntryStatus.PUBLISHED
    )
    status_at: Mapped[datetime]
    status_by_id: Mapped[int] = person_key()
    owner_id: Mapped[int] = person_key(index=True)
    current_number: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    active_at: Mapped[datetime]
    comment_count: Mapped[int] = mapped_column(default=0)
    answer_count: Mapped[int] = mapped_column(default=0)
    imported_score: Mapped[int | None]

    space: Mapped[Space] = relationship()
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    tags: Mapped[list[Tag]] = relationship(
        secondary="entry_tag", order_by="Tag.name", viewonly=True
    )
    revision: Mapped[Revision] = relationship(
        primaryjoin="and_(Revision.entry_id == Entry.id,"
        " Revision.number == Entry.current_number)",
        foreign_keys="[Revision.entry_id, Revision.number]",
        viewonly=True,
        uselist=False,
    )

    origin: Mapped[ExternalId | None] = relationship(
        primaryjoin="and_(ExternalId.noun == 'entry',"
        " foreign(ExternalId.noun_id) == Entry.id)",
        viewonly=True,
        uselist=False,
    )

    # Counters and times of activity change without a new version: only what a person
    # edits may clash.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class Revision(Base):
    """One state of an entry's words, never changed after it was written."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("entry_id", "number"),)

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tags: Mapped[list[Any]] = mapped_column(default=list)
    plain_text: Mapped[str] = mapped_column(sa.Text)
    sections: Mapped[list[Any]] = mapped_column(default=list)
    blocks: Mapped[list[Any]] = mapped_column(default=list)
    headings: Mapped[list[Any]] = mapped_column(default=list)
    links: Mapped[list[Any]] = mapped_column(default=list)
    renderer_version: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    author_id: Mapped[int] = person_key(index=True)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    small: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class EntryTag(Base):
    """Which tags the current revision of an entry carries."""

    __tablename__ = "entry_tag"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(
        sa.ForeignKey("tag.id"), primary_key=True, index=True
    )


class StepTick(Base):
    """A reader's note to themselves: this step is done."""

    __tablename__ = "step_tick"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("entry.id"), primary_key=True, index=True
    )
    section_key: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    ticked_at: Mapped[datetime]
