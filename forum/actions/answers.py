"""Answers: found helpful by readers, accepted by whoever asked."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock, events
from forum.errors import Conflict
from forum.extensions import db
from forum.models import Comment, CommentState, Person, Vote
from forum.policies import can_accept_answer, can_vote_for_answer, require

# Beside the session: acceptance and votes make no new version of an answer, so they
# never get in the way of its author, who may be editing it.
_BESIDE = {"synchronize_session": False}


def vote_for_answer(
    actor: Person, answer: Comment, *, at: datetime | None = None
) -> None:
    """Say that an answer helps. Everybody has one vote for each answer of others."""
    require(can_vote_for_answer(actor, answer))
    vote = sa.insert(Vote).values(
        comment_id=answer.id, person_id=actor.id, voted_at=at or clock.now()
    )
    try:
        with db.session.begin_nested():
            db.session.execute(vote)
    except IntegrityError:
        return  # counted already
    _count(answer, 1)
    events.record("answer.voted", actor, answer, entry=answer.entry_id)


def take_back_vote(actor: Person, answer: Comment) -> None:
    """Take one's vote back; without one nothing changes."""
    require(can_vote_for_answer(actor, answer))
    gone = db.session.execute(
        sa.delete(Vote)
        .where(Vote.comment_id == answer.id, Vote.person_id == actor.id)
        .returning(Vote.comment_id)
    ).all()
    if gone:
        _count(answer, -1)
        events.record("answer.vote_taken_back", actor, answer, entry=answer.entry_id)


def accept_answer(
    actor: Person,
    answer: Comment,
    *,
    instead_of: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say which answer helped, instead of the one accepted so far.

    Raises Conflict when another was accepted since the page was read. Of two accepted
    at the same moment the database lets one through.
    """
    require(can_accept_answer(actor, answer))
    so_far = db.session.scalar(
        sa.select(Comment.id).where(
            Comment.entry_id == answer.entry_id, Comment.accepted_at.is_not(None)
        )
    )
    if so_far == answer.id:
        return
    if so_far != instead_of:
        raise Conflict(theirs=so_far, yours=instead_of)
    try:
        with db.session.begin_nested():
            if so_far is not None:
                _clear(so_far)
            _accept(actor, answer, at or clock.now())
    except IntegrityError as lost:
        raise Conflict(yours=instead_of) from lost
    db.session.expire(answer, ["accepted_at", "accepted_by_id"])
    events.record(
        "answer.accepted", actor, answer, entry=answer.entry_id, instead_of=so_far
    )


def unaccept_answer(actor: Person, answer: Comment) -> None:
    """Take back that an answer was accepted."""
    require(can_accept_answer(actor, answer))
    if _clear(answer.id):
        db.session.expire(answer, ["accepted_at", "accepted_by_id"])
        events.record("answer.unaccepted", actor, answer, entry=answer.entry_id)


def _accept(actor: Person, answer: Comment, at: datetime) -> None:
    taken = db.session.execute(
        sa.update(Comment)
        .where(
            Comment.id == answer.id,
            Comment.state == CommentState.SHOWN,
        )
        .values(accepted_at=at, accepted_by_id=actor.id)
        .returning(Comment.id),
        execution_options=_BESIDE,
    ).first()
    if taken is None:  # removed meanwhile
        raise Conflict


def _clear(answer_id: int) -> bool:
    cleared = db.session.execute(
        sa.update(Comment)
        .where(Comment.id == answer_id, Comment.accepted_at.is_not(None))
        .values(accepted_at=None, accepted_by_id=None)
        .returning(Comment.id),
        execution_options=_BESIDE,
    ).first()
    return cleared is not None


def _count(answer: Comment, change: int) -> None:
    db.session.execute(
        sa.update(Comment)
        .where(Comment.id == answer.id)
        .values(vote_count=Comment.vote_count + change),
        execution_options=_BESIDE,
    )
    db.session.expire(answer, ["vote_count"])
