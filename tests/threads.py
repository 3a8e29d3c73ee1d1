"""Builders for entries and what stands under them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from forum.actions.comments import post_comment, prepare_comment
from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.extensions import db
from forum.models import Comment, CommentKind, Entry, Person, Space
from forum.unit_of_work import transaction

ANSWER = CommentKind.ANSWER


def entry(
    owner: Person, space: Space, kind: str = "post", title: str = "Title"
) -> Entry:
    """A published entry."""
    content = prepare(kind=kind, title=title, body="Words", fields={}, tags="")
    with transaction():
        return publish_entry(owner, space, content)


def comment(
    actor: Person,
    on: Entry,
    body: str = "Words",
    kind: CommentKind = CommentKind.COMMENT,
    parent: Comment | None = None,
    draft_key: str | None = None,
) -> Comment:
    """A comment, posted as the pages post it."""
    content = prepare_comment(body)
    with transaction():
        return post_comment(
            actor, on, content, kind=kind, parent=parent, draft_key=draft_key
        )


def many_comments(on: Entry, author: Person, number: int, replies: int = 0) -> None:
    """Fill a thread at once: roots first, then replies to the first root."""
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    words = {"body": "Words", "html": "<p>Words</p>", "renderer_version": 1}
    with transaction():
        for place in range(number):
            at = moment + timedelta(minutes=place)
            db.session.add(
                Comment(
                    entry_id=on.id,
                    author_id=author.id,
                    state_at=at,
                    created_at=at,
                    **words,
                )
            )
        db.session.flush()
        db.session.execute(sa.update(Comment).values(root_id=Comment.id))
        first = db.session.scalar(sa.select(sa.func.min(Comment.id)))
        for _ in range(replies):
            db.session.add(
                Comment(
                    entry_id=on.id,
                    author_id=author.id,
                    state_at=moment,
                    created_at=moment,
                    parent_id=first,
                    root_id=first,
                    **words,
                )
            )
    db.session.expire_all()
