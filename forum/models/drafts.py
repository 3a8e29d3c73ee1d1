"""Drafts: what somebody is still writing, seen by nobody else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key
from forum.models.entries import Entry


class DraftState(StrEnum):
    """A discarded draft can be brought back for 30 days; a published one is done."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DraftNoun(StrEnum):
    """What the draft will become."""

    ENTRY = "entry"
    COMMENT = "comment"


class Draft(Base):
    """Unfinished words. The page makes the key, so that saving twice is one row."""

    __tablename__ = "draft"
    __table_args__ = (
        sa.Index("ix_draft_person_state", "person_id", "state", "updated_at"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    person_id: Mapped[int] = person_key()
    noun: Mapped[DraftNoun] = mapped_column(
        enum_type(DraftNoun, "noun"), default=DraftNoun.ENTRY
    )
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment.id"))
    space_id: Mapped[int | None] = mapped_column(sa.ForeignKey("space.id"))
    kind: Mapped[str] = mapped_column(sa.String(20), default="")
    title: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tags: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    base_number: Mapped[int | None]
    state: Mapped[DraftState] = mapped_column(
        enum_type(DraftState, "state"), default=DraftState.OPEN
    )
    state_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[Entry | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
