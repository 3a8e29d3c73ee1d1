"""The thread under an entry: comments, answers and the replies to them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defer
from sqlalchemy.orm.attributes import set_committed_value

from forum.extensions import db
from forum.models import (
    Comment,
    CommentKind,
    Draft,
    DraftNoun,
    DraftState,
    Entry,
    Person,
    Vote,
)
from forum.policies import (
    can_accept_answer,
    can_comment_on_entry,
    can_edit_comment,
    can_remove_comment,
    can_reply_to_comment,
    can_vote_for_answer,
    visible_drafts,
)
from forum.queries.paging import after, decode, encode
from forum.rules.kinds import KINDS

THREAD_SIZE = 50

_Root = aliased(Comment, name="root")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment, as far as its page shows them."""

    id: int
    name: str
    department: str
    initials: str
    picture_id: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One comment or answer with what its reader may do; `depth` is 0 or 1.

    `under_answer` says that it is an answer or a reply to one, `reply_begun` that its
    reader has an unfinished reply to it.
    """

    id: int
    kind: CommentKind
    parent_id: int | None
    root_id: int
    depth: int
    author: Author
    html: str
    created_at: datetime
    edited_at: datetime | None
    removed: bool
    score: int
    accepted: bool
    voted: bool
    can_edit: bool
    can_remove: bool
    can_reply: bool
    can_vote: bool
    can_accept: bool
    reply_begun: bool
    under_answer: bool


@dataclass(slots=True)
class Group:
    """A comment or answer and the replies to it; no `root` when it began before."""

    root_id: int
    under_answer: bool
    root: Row | None = None
    replies: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thread. `next` is the cursor of the following page, or None.

    `draft` is what its reader has begun to write under the entry, `key` the key of that
    draft or of a new one. `accepted_id` is the accepted answer, on whichever page.
    """

    rows: Sequence[Row]
    groups: Sequence[Group]
    next: str | None
    is_first: bool
    has_answers: bool
    can_comment: bool
    key: str
    draft: Draft | None
    accepted_id: int | None

    @property
    def answers(self) -> list[Group]:
        """The answers on this page, each with the replies to it."""
        return [group for group in self.groups if group.under_answer]

    @property
    def comments(self) -> list[Group]:
        """The comments on this page, each with the replies to it."""
        return [group for group in self.groups if not group.under_answer]


def thread_of(
    actor: Person, entry: Entry, cursor: str | None, size: int = THREAD_SIZE
) -> Thread:
    """Return one page of what stands under an entry, in reading order.

    Comments come oldest first, each with its replies. Where the kind takes answers
    they come before: the accepted one, then by votes, then the oldest. Two
    statements whatever the number of comments: the rows, and the reader's own drafts.
    """
    has_answers = KINDS[entry.kind].has_answers
    order = _order(has_answers)
    ids = _keys(entry.id, order, has_answers)
    if cursor:
        ids = ids.where(
            after(order, decode(cursor, (int,) * len(order)), descending=False)
        )
    ids = ids.order_by(*order).limit(size + 1)
    found = _rows(actor, entry, ids, len(order))
    drafts = _drafts(actor, entry.id)
    shown = [_row(actor, each, has_answers, drafts) for each in found[:size]]
    begun = drafts.get(None)
    return Thread(
        rows=shown,
        groups=_groups(shown),
        next=encode(found[size - 1].key) if len(found) > size else None,
        is_first=not cursor,
        has_answers=has_answers,
        can_comment=can_comment_on_entry(actor, entry).allowed,
        key=begun.key if begun else str(uuid.uuid4()),
        draft=begun,
        accepted_id=found[0].accepted_id if found else None,
    )


def cursor_for(comment: Comment, size: int = THREAD_SIZE) -> str | None:
    """Return the cursor of a page that shows this comment; None for the first page."""
    has_answers = KINDS[comment.entry.kind].has_answers
    order = _order(has_answers)
    key = db.session.execute(
        _keys(comment.entry_id, order, has_answers).where(Comment.id == comment.id)
    ).one()
    values = tuple(key)[1:]
    up_to = sa.not_(after(order, values, descending=False))
    mine = sa.case((Comment.root_id == comment.root_id, 1))
    counted = _keys(comment.entry_id, order, has_answers).where(up_to)
    before, in_group = db.session.execute(
        counted.with_only_columns(sa.func.count(), sa.func.count(mine))
    ).one()
    if before <= size:
        return None
    # The page begins with the whole group, or with the reply itself in a long one.
    first = 0 if in_group <= size else comment.id - 1
    return encode((*values[:-1], first))


def reply_draft(actor: Person, parent: Comment) -> Draft | None:
    """Return the unfinished reply of `actor` to this comment."""
    return _drafts(actor, parent.entry_id).get(parent.id)


def _order(has_answers: bool) -> tuple[sa.ColumnElement[int], ...]:
    """Return what a thread is ordered by, all ascending: replies follow their root."""
    plain: tuple[Any, ...] = (Comment.root_id, Comment.id)
    if not has_answers:
        return plain
    is_answer = _Root.kind == CommentKind.ANSWER
    score = _Root.vote_count + _Root.imported_score
    return (
        sa.case((is_answer, 0), else_=1),
        sa.case((_Root.accepted_at.is_not(None), 0), else_=1),
        sa.case((is_answer, -score), else_=0),
        *plain,
    )


def _keys(
    entry_id: int, order: Sequence[sa.ColumnElement[int]], has_answers: bool
) -> sa.Select[Any]:
    # Ids and sort values only: the words of a long thread are not read to sort it.
    named = [column.label(f"k{place}") for place, column in enumerate(order)]
    keys = sa.select(Comment.id, *named).where(Comment.entry_id == entry_id)
    if has_answers:
        keys = keys.join(_Root, _Root.id == Comment.root_id)
    return keys


@dataclass(frozen=True, slots=True)
class _Found:
    comment: Comment
    voted: bool
    accepted_id: int | None
    key: tuple[int, ...]


def _rows(actor: Person, entry: Entry, ids: sa.Select[Any], width: int) -> list[_Found]:
    wanted = ids.subquery()
    places = [wanted.c[f"k{place}"] for place in range(width)]
    mine = sa.and_(Vote.comment_id == Comment.id, Vote.person_id == actor.id)
    found = db.session.execute(
        sa.select(Comment, Vote.person_id, _accepted(entry.id), *places)
        .join(wanted, wanted.c.id == Comment.id)
        .join(Comment.author)
        .outerjoin(Vote, mine)
        .options(contains_eager(Comment.author), defer(Comment.body))
        .order_by(*places)
    ).all()
    for row in found:
        set_committed_value(row[0], "entry", entry)
    return [_Found(r[0], r[1] is not None, r[2], tuple(r[3:])) for r in found]


def _accepted(entry_id: int) -> sa.ScalarSelect[int]:
    accepted = aliased(Comment, name="accepted")
    return (
        sa.select(accepted.id)
        .where(accepted.entry_id == entry_id, accepted.accepted_at.is_not(None))
        .scalar_subquery()
    )


def _drafts(actor: Person, entry_id: int) -> dict[int | None, Draft]:
    """Return what the reader has begun to write here, by what it replies to."""
    begun = db.session.scalars(
        sa.select(Draft)
        .where(
            visible_drafts(actor),
            Draft.entry_id == entry_id,
            Draft.noun == DraftNoun.COMMENT,
            Draft.state == DraftState.OPEN,
        )
        .order_by(Draft.updated_at)
    )
    return {draft.parent_id: draft for draft in begun}


def _row(
    actor: Person,
    found: _Found,
    has_answers: bool,
    drafts: dict[int | None, Draft],
) -> Row:
    comment = found.comment
    author = comment.author
    return Row(
        id=comment.id,
        kind=comment.kind,
        parent_id=comment.parent_id,
        root_id=comment.root_id or comment.id,
        depth=0 if comment.parent_id is None else 1,
        author=Author(
            author.id,
            author.name,
            author.department,
            author.initials,
            author.picture_id,
        ),
        # The words of a removed comment stay in its row; no page gets them.
        html=comment.html if comment.is_shown else "",
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        removed=not comment.is_shown,
        score=comment.vote_count + comment.imported_score,
        accepted=comment.accepted_at is not None,
        voted=found.voted,
        can_edit=can_edit_comment(actor, comment).allowed,
        can_remove=can_remove_comment(actor, comment).allowed,
        can_reply=can_reply_to_comment(actor, comment).allowed,
        can_vote=has_answers and can_vote_for_answer(actor, comment).allowed,
        can_accept=has_answers and can_accept_answer(actor, comment).allowed,
        reply_begun=comment.id in drafts,
        under_answer=has_answers and found.key[0] == 0,
    )


def _groups(rows: Sequence[Row]) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if not groups or groups[-1].root_id != row.root_id:
            groups.append(Group(row.root_id, row.under_answer))
        if row.depth == 0:
            groups[-1].root = row
        else:
            groups[-1].replies.append(row)
    return groups
