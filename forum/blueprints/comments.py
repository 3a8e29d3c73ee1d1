"""HTTP for comments and answers: posting, changing, removing, voting, accepting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from forum.actions import answers, comments
from forum.errors import Conflict, Invalid
from forum.forms.editor import EditorForm, new_key, whole
from forum.models import Comment, CommentKind, Draft, Entry
from forum.policies import (
    can_comment_on_entry,
    can_edit_comment,
    can_remove_comment,
    can_reply_to_comment,
    require,
    visible_comments,
    visible_entries,
)
from forum.queries.comments import cursor_for, reply_draft
from forum.queries.entries import FOR_AN_ACTION
from forum.templating import entry_url
from forum.unit_of_work import start_again
from forum.web import load_or_404, see_other, the_actor

blueprint = Blueprint("comments", __name__)

FOR_A_PAGE = (
    joinedload(Comment.author),
    joinedload(Comment.entry).joinedload(Entry.space),
)


@blueprint.post("/entries/<int:entry_id>/comments")
def create(entry_id: int) -> ResponseReturnValue:
    """Post a comment, an answer, or a reply to one."""
    form = EditorForm.of(request.form)
    content = comments.prepare_comment(form.typed.body)
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    parent = _comment(form.typed.parent_id) if form.typed.parent_id else None
    is_answer = form.typed.kind == CommentKind.ANSWER
    try:
        comment = comments.post_comment(
            actor,
            entry,
            content,
            kind=CommentKind.ANSWER if is_answer else CommentKind.COMMENT,
            parent=parent,
            draft_key=form.key,
        )
    except Invalid as invalid:
        return _write_page(entry, parent, form.key, form.typed.body, invalid=invalid)
    return see_other(_url_of(comment, published=form.key))


@blueprint.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Lead to the page of the thread on which a comment stands."""
    return see_other(_url_of(_comment(comment_id)))


@blueprint.get("/comments/<int:comment_id>/reply")
def reply(comment_id: int) -> ResponseReturnValue:
    """Open a reply: blank, or the one that was begun."""
    parent = _comment(comment_id)
    require(can_reply_to_comment(the_actor(), parent))
    draft = reply_draft(the_actor(), parent)
    key = draft.key if draft else new_key()
    body = draft.body if draft else _addressed(parent)
    return _write_page(parent.entry, parent, key, body, draft=draft)


@blueprint.get("/comments/<int:comment_id>/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Open one's own comment for changing."""
    comment = _comment(comment_id)
    require(can_edit_comment(the_actor(), comment))
    return _edit_page(comment, comment.body, comment.version)


@blueprint.post("/comments/<int:comment_id>/edit")
def update(comment_id: int) -> ResponseReturnValue:
    """Save changed words, or show both texts when they changed elsewhere too."""
    body, version = request.form.get("body", ""), whole(request.form.get("version"))
    content = comments.prepare_comment(body)
    comment = _comment(comment_id)
    try:
        comments.edit_comment(the_actor(), comment, content, version=version or 0)
    except Invalid as invalid:
        return _edit_page(comment, body, version or comment.version, invalid)
    except Conflict:
        start_again()
        page = render_template(
            "comments/conflict.html", comment=_comment(comment_id), body=content.body
        )
        return page, 409
    return see_other(_url_of(comment))


@blueprint.get("/comments/<int:comment_id>/removal")
def confirm_removal(comment_id: int) -> ResponseReturnValue:
    """Ask before a comment is removed."""
    comment = _comment(comment_id)
    require(can_remove_comment(the_actor(), comment))
    return render_template("comments/remove.html", comment=comment)


@blueprint.post("/comments/<int:comment_id>/removal")
def remove(comment_id: int) -> ResponseReturnValue:
    """Remove a comment; its place stays."""
    return _changed(comment_id, comments.remove_comment)


@blueprint.post("/comments/<int:comment_id>/votes")
def vote(comment_id: int) -> ResponseReturnValue:
    """Vote for an answer."""
    return _changed(comment_id, answers.vote_for_answer)


@blueprint.post("/comments/<int:comment_id>/votes/removal")
def take_back_vote(comment_id: int) -> ResponseReturnValue:
    """Take a vote back."""
    return _changed(comment_id, answers.take_back_vote)


@blueprint.post("/comments/<int:comment_id>/acceptance")
def accept(comment_id: int) -> ResponseReturnValue:
    """Accept an answer, instead of the one that the page showed as accepted."""
    shown = whole(request.form.get("instead_of"))
    return _changed(comment_id, answers.accept_answer, instead_of=shown)


@blueprint.post("/comments/<int:comment_id>/acceptance/removal")
def unaccept(comment_id: int) -> ResponseReturnValue:
    """Take back that an answer was accepted."""
    return _changed(comment_id, answers.unaccept_answer)


def _comment(comment_id: int) -> Comment:
    return load_or_404(Comment, comment_id, visible_comments(the_actor()), *FOR_A_PAGE)


def _changed(
    comment_id: int, action: Callable[..., None], **more: Any
) -> ResponseReturnValue:
    comment = _comment(comment_id)
    action(the_actor(), comment, **more)
    return see_other(_url_of(comment))


def _url_of(comment: Comment, **values: Any) -> str:
    values = {"after": cursor_for(comment), **values}
    return entry_url(comment.entry, _anchor=f"comment-{comment.id}", **values)


def _write_page(
    entry: Entry,
    parent: Comment | None,
    key: str,
    body: str,
    *,
    draft: Draft | None = None,
    invalid: Invalid | None = None,
) -> ResponseReturnValue:
    require(can_comment_on_entry(the_actor(), entry))
    page = render_template(
        "comments/write.html",
        entry=entry,
        parent=parent,
        key=key,
        body=body,
        draft=draft,
        problem=invalid.fields["body"] if invalid else None,
    )
    return page, 422 if invalid else 200


def _addressed(parent: Comment) -> str:
    """Begin a reply to a reply with the name it speaks to: they stand side by side."""
    names = parent.author.name.split()
    return f"@{names[0]} " if parent.parent_id is not None and names else ""


def _edit_page(
    comment: Comment, body: str, version: int, invalid: Invalid | None = None
) -> ResponseReturnValue:
    page = render_template(
        "comments/edit.html",
        comment=comment,
        body=body,
        version=version,
        problem=invalid.fields["body"] if invalid else None,
    )
    return page, 422 if invalid else 200
