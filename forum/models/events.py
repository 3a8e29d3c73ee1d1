"""Events: facts in the past tense. Outbox: the promise that each reaction happens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key


class Event(Base):
    """Somebody did something. Holds ids, kinds and hashes, never free text."""

    __tablename__ = "event"
    __table_args__ = (sa.Index("ix_event_subject", "subject_type", "subject_id", "id"),)

    id: Mapped[Key]
    verb: Mapped[str] = mapped_column(sa.String(60))
    actor_id: Mapped[int | None] = person_key(index=True)
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class OutboxState(StrEnum):
    """A row waits, is done, or was given up with its error kept."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class OutboxRow(Base):
    """One reaction to one event, kept until it has happened."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_due", "state", "due_at", "id"),)

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    reaction: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[OutboxState] = mapped_column(
        enum_type(OutboxState, "state"), default=OutboxState.WAITING
    )
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.Text, default="")
    done_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
