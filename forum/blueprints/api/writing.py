"""From what a program sent to what the actions take: words, Spaces, matches."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from forum.actions.content import Content, prepare
from forum.actions.drafts import Typed, own_draft, save_draft
from forum.actions.entries import publish_entry
from forum.actions.programs import refuse_unknown_fields
from forum.blueprints.api.auth import the_bearer
from forum.blueprints.api.repeats import once
from forum.blueprints.api.representations import etag_of
from forum.models import Draft, Entry, EntryStatus, Person, Space
from forum.policies import can_read_space, can_write_in_space, require, visible_entries
from forum.queries.entries import FOR_A_PAGE
from forum.queries.programs import revision_to_change, with_tag
from forum.queries.spaces import space_of_slug
from forum.rules.tags import clean_tag
from forum.unit_of_work import start_again, transaction
from forum.web import found, load_or_404

_READ_ETAG = {"type": "string", "pattern": '^"[0-9]{1,9}-[0-9]{1,9}"$'}
MATCHES: dict[str, dict[str, Any]] = {
    "If-Match": {"required": True, "schema": _READ_ETAG},
    "If-None-Match": {"schema": {"type": "string"}},
}
for _name, _header in MATCHES.items():
    _header |= {"in": "header", "name": _name}
_WORDS = {"kind", "title", "body_markdown", "fields_", "tags"}
_ETAG = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def criteria_of(
    actor: Person, query: Mapping[str, Any]
) -> list[sa.ColumnElement[bool]]:
    """Return the filters of a list; a Space that may not be read is not listed."""
    criteria: list[sa.ColumnElement[bool]] = []
    if "kind" in query:
        criteria.append(Entry.kind == query["kind"])
    if "author" in query:
        criteria.append(Entry.owner_id == query["author"])
    if "tag" in query:
        criteria.append(with_tag(clean_tag(query["tag"]) or ""))
    if "space" in query:
        space = space_of_slug(actor, query["space"])
        require(can_read_space(actor, space))
        criteria.append(Entry.space_id == space.id)
    return criteria


def prepared(data: Mapping[str, Any]) -> Content:
    """Clean and render what was sent, before the first query."""
    return prepare(
        kind=data["kind"],
        title=data["title"],
        body=data["body_markdown"],
        fields=data["fields_"],
        tags=",".join(data["tags"]),
    )


def made_of(data: Mapping[str, Any], content: Content) -> Entry | Draft:
    """Publish or keep what was sent; once only when the request has a key."""
    return once(
        make=lambda: _make(data, content), find=_find, place=lambda made: _place(made)
    )


def _make(data: Mapping[str, Any], content: Content) -> Entry | Draft:
    actor = the_bearer()
    space = space_of_slug(actor, data["space"])
    require(can_write_in_space(actor, space))
    refuse_unknown_fields(space, data["kind"], data["fields_"])
    if data["status"] == "published":
        return publish_entry(actor, space, content)
    typed = Typed(
        kind=data["kind"],
        title=data["title"],
        body=data["body_markdown"],
        tags=", ".join(data["tags"]),
        fields=data["fields_"],
        space_id=space.id,
    )
    return save_draft(actor, str(uuid.uuid4()), typed)


def _place(made: Entry | Draft) -> str:
    return f"draft {made.key}" if isinstance(made, Draft) else f"entry {made.id}"


def _find(place: str) -> Entry | Draft:
    actor = the_bearer()
    noun, _, key = place.partition(" ")
    if noun == "draft":
        return found(own_draft(actor, key))
    return load_or_404(Entry, int(key), visible_entries(actor), *FOR_A_PAGE)


def number_to_change() -> int:
    """Return the number of the revision that `If-Match` names; 428 without, 0 for one
    that no answer has held.
    """
    if not request.if_match or request.if_match.star_tag:
        raise PreconditionRequired("Send If-Match with the ETag of what you read.")
    tags = filter(None, map(_ETAG.fullmatch, request.if_match.as_set()))
    return max((int(tag[2]) for tag in tags), default=0)


def require_match(entry: Entry) -> None:
    """Go on when the entry is what the program has read; 412 when it is not."""
    if not request.if_match.contains(etag_of(entry)):
        raise PreconditionFailed("Somebody saved first. Read it again.")


def words_after(data: Mapping[str, Any], entry_id: int, number: int) -> Content | None:
    """Return the words an entry shall have, or None when they stay as they are.

    What was not sent comes from the revision the program has read. Revisions never
    change, so it is read, and all is rendered, before the changing transaction begins.
    """
    if not _WORDS & set(data):
        return None
    with transaction(writing=False):
        old = revision_to_change(the_bearer(), entry_id, number)
        if old is None:
            raise PreconditionFailed("Somebody saved first. Read it again.")
        was = {
            "kind": old.kind,
            "title": old.title,
            "body_markdown": old.body,
            "fields_": old.fields,
            "tags": list(old.tags),
        }
        start_again()
    content = prepared({**was, **data})
    if "tags" in data:
        return content
    return replace(content, tags=tuple(was["tags"]), rejected_tags=())


def asked_changes(
    actor: Person, entry: Entry, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what shall change beside the words."""
    space: Space | None = None
    if "space" in data:
        space = space_of_slug(actor, data["space"])
    refuse_unknown_fields(
        entry.space, data.get("kind", entry.kind), data.get("fields_", ())
    )
    status = EntryStatus(data["status"]) if "status" in data else None
    return {"reason": data["reason"], "space": space, "status": status}
