"""GET and POST /api/v1/entries/{id}/comments."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from forum.actions.comments import post_comment as post
from forum.actions.comments import prepare_comment
from forum.blueprints.api.auth import the_bearer
from forum.blueprints.api.frame import api_blueprint
from forum.blueprints.api.paging import cursor_of, page_answer
from forum.blueprints.api.repeats import PARAMETER, once
from forum.blueprints.api.representations import absolute, comment_json
from forum.blueprints.api.results import Comment as CommentAnswer
from forum.blueprints.api.results import CommentPage
from forum.blueprints.api.schemas import NewComment, PageQuery
from forum.models import Comment, CommentKind, Entry
from forum.policies import visible_entries
from forum.queries.entries import FOR_AN_ACTION
from forum.queries.programs import comments_page, source_ids
from forum.templating import entry_url
from forum.web import load_or_404

blueprint = api_blueprint("comments", "What people say under an entry.")


@blueprint.route("/entries/<int:entry_id>/comments", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, CommentPage)
def list_comments(query: dict[str, Any], entry_id: int) -> Any:
    """List comments, answers and replies in the order they were written."""
    entry = load_or_404(Entry, entry_id, visible_entries(the_bearer()))
    cursor = cursor_of(query, int)
    page = comments_page(entry, cursor=cursor, size=query["limit"])
    sources = source_ids("comment", [row.id for row in page.rows])
    return page_answer(
        page, [comment_json(row, sources.get(row.id)) for row in page.rows]
    )


@blueprint.route("/entries/<int:entry_id>/comments", methods=["POST"])
@blueprint.doc(parameters=[PARAMETER])
@blueprint.arguments(NewComment)
@blueprint.response(201, CommentAnswer)
def post_comment(data: dict[str, Any], entry_id: int) -> Any:
    """Comment on an entry, answer a question, or reply to the comment `parent`."""
    content = prepare_comment(data["body_markdown"])
    actor, kind = the_bearer(), CommentKind(data["kind"])
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    comment = once(
        make=lambda: post(
            actor, entry, content, kind=kind, parent=_parent(entry, data["parent"])
        ),
        find=lambda place: load_or_404(Comment, int(place), _under(entry)),
        place=lambda made: str(made.id),
    )
    url = absolute(entry_url(entry, _anchor=f"comment-{comment.id}"))
    return comment_json(comment, None), {"Location": url}


def _parent(entry: Entry, comment_id: int | None) -> Comment | None:
    if comment_id is None:
        return None
    return load_or_404(Comment, comment_id, _under(entry), joinedload(Comment.entry))


def _under(entry: Entry) -> Any:
    return Comment.entry_id == entry.id
