"""GET, POST and PATCH of /api/v1/entries, and the revisions of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, request

from forum.actions.programs import change_entry
from forum.blueprints.api.auth import the_bearer
from forum.blueprints.api.frame import PREFIX, api_blueprint
from forum.blueprints.api.paging import cursor_of, page_answer, size_of
from forum.blueprints.api.repeats import PARAMETER
from forum.blueprints.api.representations import (
    Json,
    absolute,
    draft_json,
    entries_json,
    entry_json,
    etag_of,
    revision_json,
)
from forum.blueprints.api.results import Entry as EntryAnswer
from forum.blueprints.api.results import EntryPage, RevisionPage
from forum.blueprints.api.schemas import EntriesQuery, EntryChange, NewEntry, WordsQuery
from forum.blueprints.api.writing import (
    MATCHES,
    asked_changes,
    criteria_of,
    made_of,
    number_to_change,
    prepared,
    require_match,
    words_after,
)
from forum.models import Draft, Entry
from forum.policies import visible_entries
from forum.queries.entries import FOR_A_PAGE, FOR_AN_ACTION
from forum.queries.programs import entries_page, revisions_page
from forum.web import load_or_404

blueprint = api_blueprint("entries", "What people have written down.")

_ENTRY_OR_DRAFT = {
    "oneOf": [
        {"$ref": "#/components/schemas/Entry"},
        {"$ref": "#/components/schemas/Draft"},
    ]
}
_CREATED = {"201": {"content": {"application/json": {"schema": _ENTRY_OR_DRAFT}}}}


@blueprint.route("/entries", methods=["GET"])
@blueprint.arguments(EntriesQuery, location="query")
@blueprint.response(200, EntryPage)
def list_entries(query: dict[str, Any]) -> Any:
    """List published entries, the newest first.

    Filters can be combined. `include=body` adds the words, 20 entries a page at most.
    """
    actor, words = the_bearer(), "include" in query
    page = entries_page(
        actor,
        *criteria_of(actor, query),
        cursor=cursor_of(query, datetime, int),
        size=size_of(query, words=words),
        words=words,
    )
    return page_answer(page, entries_json(page.rows, words=words))


@blueprint.route("/entries", methods=["POST"])
@blueprint.doc(parameters=[PARAMETER], responses=_CREATED)
@blueprint.arguments(NewEntry)
@blueprint.response(201)
def create_entry(data: dict[str, Any]) -> Any:
    """Publish an entry, or keep it as a draft that its author finishes in the forum."""
    made = made_of(data, prepared(data))
    if isinstance(made, Draft):
        answer = draft_json(made, data["space"])
        return answer, {"Location": answer["url"]}
    return shown(made, Location=absolute(f"{PREFIX}/entries/{made.id}"))


@blueprint.route("/entries/<int:entry_id>", methods=["GET"])
@blueprint.doc(parameters=[MATCHES["If-None-Match"]])
@blueprint.response(200, EntryAnswer)
@blueprint.alt_response(304, description="It is still as you know it.", success=True)
def show_entry(entry_id: int) -> Any:
    """Show one entry with its words. Its ETag is what a change has to name."""
    actor = the_bearer()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_A_PAGE)
    if request.if_none_match.contains_weak(etag_of(entry)):
        return Response(status=304, headers=headers_of(entry))
    return shown(entry)


def shown(entry: Entry, **more: str) -> tuple[Json, dict[str, str]]:
    """Return an entry and the headers it is answered with."""
    return entry_json(entry), {**headers_of(entry), **more}


def headers_of(entry: Entry) -> dict[str, str]:
    """Return the ETag; a program may keep what it got, and asks before using it."""
    return {"ETag": f'"{etag_of(entry)}"', "Cache-Control": "private, no-cache"}


@blueprint.route("/entries/<int:entry_id>", methods=["PATCH"])
@blueprint.doc(parameters=[MATCHES["If-Match"]])
@blueprint.arguments(EntryChange)
@blueprint.response(200, EntryAnswer)
def edit_entry(data: dict[str, Any], entry_id: int) -> Any:
    """Change an entry; new words make a new revision.

    `If-Match` holds the ETag of what you read: 428 without, 412 when somebody saved
    since. `status` takes an entry down (`hidden`) or brings it back (`published`).
    """
    content = words_after(data, entry_id, number_to_change())
    actor = the_bearer()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    require_match(entry)
    changes = asked_changes(actor, entry, data)
    return shown(change_entry(actor, entry, content=content, **changes))


@blueprint.route("/entries/<int:entry_id>/revisions", methods=["GET"])
@blueprint.arguments(WordsQuery, location="query")
@blueprint.response(200, RevisionPage)
def list_revisions(query: dict[str, Any], entry_id: int) -> Any:
    """List the revisions of an entry, the newest first."""
    entry = load_or_404(Entry, entry_id, visible_entries(the_bearer()))
    words = "include" in query
    page = revisions_page(
        entry,
        cursor=cursor_of(query, int),
        size=size_of(query, words=words),
        words=words,
    )
    return page_answer(page, [revision_json(row, words=words) for row in page.rows])
