"""Who edits, removes, votes for and accepts comments and answers."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import Comment, CommentKind, Entry, Person, Role, Visibility
from forum.policies.decision import Decision, allow_if
from forum.policies.entries import can_comment_on_entry, visible_entries
from forum.policies.spaces import can_facilitate


def visible_comments(actor: Person) -> sa.ColumnElement[bool]:
    """Select the comments under entries that `actor` may read."""
    return Comment.entry_id.in_(sa.select(Entry.id).where(visible_entries(actor)))


def can_reply_to_comment(actor: Person, comment: Comment) -> Decision:
    """Let readers reply to a comment that still shows its words."""
    may = can_comment_on_entry(actor, comment.entry)
    return may if not may else allow_if(comment.is_shown, "comment.removed")


def can_edit_comment(actor: Person, comment: Comment) -> Decision:
    """Let the author change their own words."""
    if not comment.is_shown:
        return Decision(False, "comment.removed")
    if comment.author_id != actor.id:
        return Decision(False, "comment.author_only")
    return can_comment_on_entry(actor, comment.entry)


def can_remove_comment(actor: Person, comment: Comment) -> Decision:
    """Let the author, a facilitator, or a moderator of what all can read remove it."""
    guards = actor.role in (Role.MODERATOR, Role.ADMIN)
    in_the_open = comment.entry.space.visibility is Visibility.OPEN
    facilitates = can_facilitate(actor, comment.entry.space).allowed
    mine = comment.author_id == actor.id
    return allow_if(
        comment.is_shown and (mine or facilitates or (guards and in_the_open)),
        "comment.author_only",
    )


def can_vote_for_answer(actor: Person, comment: Comment) -> Decision:
    """Let readers vote for answers of others."""
    if comment.kind is not CommentKind.ANSWER or not comment.is_shown:
        return Decision(False, "comment.not_an_answer")
    if comment.author_id == actor.id:
        return Decision(False, "comment.own_answer")
    return can_comment_on_entry(actor, comment.entry)


def can_accept_answer(actor: Person, comment: Comment) -> Decision:
    """Let the asker or a facilitator say which answer helped."""
    if comment.kind is not CommentKind.ANSWER or not comment.is_shown:
        return Decision(False, "comment.not_an_answer")
    asker = comment.entry.owner_id == actor.id
    facilitates = can_facilitate(actor, comment.entry.space).allowed
    if not (asker or facilitates):
        return Decision(False, "comment.asker_only")
    return can_comment_on_entry(actor, comment.entry)
