"""Comments and answers: posted once, changed without loss, removed with a trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from forum import clock, events
from forum.actions.content import clean_text
from forum.actions.drafts import finish_draft
from forum.errors import Conflict, Invalid, NotVisible
from forum.extensions import db
from forum.markup import RENDERER_VERSION, render
from forum.models import (
    Comment,
    CommentKind,
    CommentState,
    Draft,
    DraftState,
    Entry,
    Person,
)
from forum.policies import (
    can_comment_on_entry,
    can_edit_comment,
    can_remove_comment,
    can_reply_to_comment,
    require,
)
from forum.rules.kinds import KINDS
from forum.unit_of_work import start_again

LONGEST_COMMENT = 50_000


@dataclass(frozen=True)
class CommentContent:
    """The words of a comment: cleaned and rendered, but not yet checked."""

    body: str
    html: str


def prepare_comment(body: str) -> CommentContent:
    """Clean and render what was typed. Takes its time, so it runs before any query."""
    text = clean_text(body)
    return CommentContent(text, render(text[:LONGEST_COMMENT]).html)


def check_comment(content: CommentContent) -> None:
    """Raise Invalid when there is nothing to read, or more than a comment holds."""
    if not content.body.strip():
        raise Invalid({"body": "comment.empty"})
    if len(content.body) > LONGEST_COMMENT:
        raise Invalid({"body": "comment.too_long"})


def post_comment(
    actor: Person,
    entry: Entry,
    content: CommentContent,
    *,
    kind: CommentKind = CommentKind.COMMENT,
    parent: Comment | None = None,
    draft_key: str | None = None,
    at: datetime | None = None,
) -> Comment:
    """Put words under an entry, and finish the draft they were written in.

    Sent twice under one draft key it is posted once, and the second answer is the same
    comment. Replies stand one level deep: a reply to a reply goes under the same
    comment. Raises Invalid for no words, too many, or an answer where none are asked.
    """
    if parent is None:
        require(can_comment_on_entry(actor, entry))
    else:
        require(can_reply_to_comment(actor, parent))
    draft = _draft(actor, draft_key)
    before = _posted_already(actor, draft_key)
    if before is not None:
        return before
    check_comment(content)
    _check_place(entry, kind, parent)
    comment = _new_comment(actor, entry, content, kind, parent, draft_key)
    comment.created_at = comment.state_at = at or comment.created_at
    try:
        with db.session.begin_nested():
            db.session.add(comment)
            db.session.flush()
    except IntegrityError as taken:
        # The same form sent twice at once: the other request has posted it.
        twin = _posted_already(actor, draft_key)
        if twin is None:
            raise Conflict from taken
        return twin
    # One on the top of a thread is its own root, so that it sorts with its replies.
    comment.root_id = comment.root_id or comment.id
    _count(comment, 1)
    if draft is not None and draft.state is DraftState.OPEN:
        finish_draft(draft, entry)
    events.record(
        "comment.posted",
        actor,
        comment,
        entry=entry.id,
        kind=kind.value,
        parent=comment.parent_id,
    )
    db.session.flush()
    return comment


def edit_comment(
    actor: Person, comment: Comment, content: CommentContent, *, version: int
) -> Comment:
    """Change one's own words.

    Raises Conflict when they were changed after `version` was read. The same words
    again change nothing.
    """
    require(can_edit_comment(actor, comment))
    check_comment(content)
    if comment.version != version:
        raise Conflict(theirs=comment.version, yours=version)
    if content.body == comment.body:
        return comment
    comment.body = content.body
    comment.html = content.html
    comment.renderer_version = RENDERER_VERSION
    comment.edited_at = clock.now()
    comment.version += 1
    events.record("comment.edited", actor, comment, entry=comment.entry_id)
    _flush_or_conflict(version)
    return comment


def remove_comment(actor: Person, comment: Comment) -> None:
    """Take a comment away. Its place stays, its replies keep their sense.

    The words stay in the row, where no reader's page shows them.
    """
    require(can_remove_comment(actor, comment))
    was_accepted = comment.accepted_at is not None
    comment.state = CommentState.REMOVED
    comment.state_at = clock.now()
    comment.state_by_id = actor.id
    comment.accepted_at = comment.accepted_by_id = None
    comment.version += 1
    events.record("comment.removed", actor, comment, entry=comment.entry_id)
    if was_accepted:
        events.record("answer.unaccepted", actor, comment, entry=comment.entry_id)
    # Of two removals at once only one gets through here, so it is counted once.
    _flush_or_conflict(comment.version - 1)
    _count(comment, -1)


def _flush_or_conflict(version: int) -> None:
    try:
        db.session.flush()
    except StaleDataError as lost:
        start_again()
        raise Conflict(yours=version) from lost


def _draft(actor: Person, key: str | None) -> Draft | None:
    if key is None:
        return None
    # Locked where the database can: an autosave on its way waits, it does not fail.
    draft = db.session.scalar(
        sa.select(Draft).where(Draft.key == key).with_for_update()
    )
    if draft is not None and draft.person_id != actor.id:
        raise NotVisible
    return draft


def _posted_already(actor: Person, key: str | None) -> Comment | None:
    if key is None:
        return None
    comment = db.session.scalar(sa.select(Comment).where(Comment.draft_key == key))
    if comment is not None and comment.author_id != actor.id:
        raise NotVisible
    return comment


def _check_place(entry: Entry, kind: CommentKind, parent: Comment | None) -> None:
    if parent is not None and parent.entry_id != entry.id:
        raise NotVisible
    if kind is CommentKind.ANSWER:
        if not KINDS[entry.kind].has_answers:
            raise Invalid({"body": "comment.no_answers_here"})
        if parent is not None:
            raise Invalid({"body": "comment.one_level"})


def _new_comment(
    actor: Person,
    entry: Entry,
    content: CommentContent,
    kind: CommentKind,
    parent: Comment | None,
    draft_key: str | None,
) -> Comment:
    now = clock.now()
    root_id = (parent.root_id or parent.id) if parent is not None else None
    return Comment(
        entry=entry,
        kind=kind,
        parent_id=root_id,
        root_id=root_id,
        author=actor,
        body=content.body,
        html=content.html,
        renderer_version=RENDERER_VERSION,
        state_at=now,
        draft_key=draft_key,
        created_at=now,
    )


def _count(comment: Comment, change: int) -> None:
    """Count what is shown, inside the database: two at once are both counted."""
    changed: dict[str, Any] = {"comment_count": Entry.comment_count + change}
    if comment.kind is CommentKind.ANSWER:
        changed["answer_count"] = Entry.answer_count + change
    if change > 0:
        changed["active_at"] = comment.created_at
    db.session.execute(
        sa.update(Entry).where(Entry.id == comment.entry_id).values(**changed),
        execution_options={"synchronize_session": False},
    )
    db.session.expire(comment.entry, ["comment_count", "answer_count", "active_at"])
