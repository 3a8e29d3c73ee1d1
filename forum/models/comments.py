"""Comments and answers: one table, two levels."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key, enum_type, person_key
from forum.models.entries import Entry
from forum.models.people import Person


class CommentKind(StrEnum):
    """An answer stands under a question and can be voted for and accepted."""

    COMMENT = "comment"
    ANSWER = "answer"


class CommentState(StrEnum):
    """A removed comment leaves its place, so that replies keep their sense."""

    SHOWN = "shown"
    REMOVED = "removed"


class Comment(Base):
    """Words under an entry. `root_id` is the comment that a reply stands under."""

    __tablename__ = "comment"
    __table_args__ = (
        sa.Index("ix_comment_thread", "entry_id", "root_id", "id"),
        sa.Index(
            "ix_comment_one_accepted",
            "entry_id",
            unique=True,
            sqlite_where=sa.text("accepted_at IS NOT NULL"),
            postgresql_where=sa.text("accepted_at IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "kind = 'comment' OR parent_id IS NULL", name="answers_stand_on_top"
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR kind = 'answer'", name="only_answers_accepted"
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by"
        ),
    )

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"))
    kind: Mapped[CommentKind] = mapped_column(
        enum_type(CommentKind, "kind"), default=CommentKind.COMMENT
    )
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("comment.id"), index=True
    )
    root_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    author_id: Mapped[int] = person_key(index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    renderer_version: Mapped[int]
    state: Mapped[CommentState] = mapped_column(
        enum_type(CommentState, "state"), default=CommentState.SHOWN
    )
    state_at: Mapped[datetime]
    state_by_id: Mapped[int | None] = person_key()
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = person_key()
    vote_count: Mapped[int] = mapped_column(default=0)
    imported_score: Mapped[int] = mapped_column(default=0)
    draft_key: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[Entry] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    @property
    def is_shown(self) -> bool:
        """Whether its words are shown, not only its place."""
        return self.state is CommentState.SHOWN


class Vote(Base):
    """One person finds one answer helpful."""

    __tablename__ = "vote"

    comment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("comment.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, index=True
    )
    voted_at: Mapped[datetime]
