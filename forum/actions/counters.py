"""Counters that are kept beside what they count, and how they are put right."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Comment, CommentKind, CommentState, Entry, Vote


def _shown_comments(*criteria: sa.ColumnElement[bool]) -> Any:
    return (
        sa.select(sa.func.count(Comment.id))
        .where(
            Comment.entry_id == Entry.id,
            Comment.state == CommentState.SHOWN,
            *criteria,
        )
        .correlate(Entry)
        .scalar_subquery()
    )


_COUNTED: tuple[tuple[Any, Any], ...] = (
    (Entry.comment_count, _shown_comments()),
    (Entry.answer_count, _shown_comments(Comment.kind == CommentKind.ANSWER)),
    (
        Comment.vote_count,
        sa.select(sa.func.count(Vote.person_id))
        .where(Vote.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery(),
    ),
)


def wrong_counters() -> int:
    """Return how many counters differ from what they count."""
    return sum(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(counter.class_)
            .where(counter != truth)
        )
        or 0
        for counter, truth in _COUNTED
    )


def repair_counters() -> int:
    """Set every counter that differs to what there is; return how many."""
    mended = 0
    for counter, truth in _COUNTED:
        result = db.session.execute(
            sa.update(counter.class_)
            .where(counter != truth)
            .values({counter.key: truth})
            .execution_options(synchronize_session=False)
        )
        mended += int(result.rowcount)  # type: ignore[attr-defined]
    return mended
