"""What the API answers with, described for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields


def _moment(**options: Any) -> fields.String:
    return fields.String(required=True, metadata={"format": "date-time"}, **options)


def _words(**options: Any) -> fields.String:
    return fields.String(metadata={"description": "Left out of lists."}, **options)


class Person(Schema):
    """Who wrote something."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class Entry(Schema):
    """Something written down."""

    id = fields.Integer(required=True)
    source_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The id an imported record had where it came from."},
    )
    kind = fields.String(required=True)
    space = fields.String(required=True, metadata={"description": "Slug."})
    title = fields.String(required=True)
    body_markdown = _words()
    html = _words()
    fields_ = fields.Dict(data_key="fields", attribute="fields", required=True)
    tags = fields.List(fields.String(), required=True)
    status = fields.String(required=True)
    author = fields.Nested(Person, required=True)
    revision = fields.Integer(required=True)
    url = fields.String(required=True)
    created_at = _moment()
    updated_at = _moment()


class Draft(Schema):
    """Something unfinished, seen by its author alone, who goes on at `url`."""

    key = fields.String(required=True)
    status = fields.String(required=True)
    kind = fields.String(required=True)
    space = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True)
    updated_at = _moment()


class Revision(Schema):
    """One state of an entry's words."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body_markdown = _words()
    html = _words()
    fields_ = fields.Dict(data_key="fields", attribute="fields", required=True)
    tags = fields.List(fields.String(), required=True)
    reason = fields.String(required=True)
    small = fields.Boolean(required=True)
    author = fields.Nested(Person, required=True)
    created_at = _moment()


class Comment(Schema):
    """A comment or an answer; a removed one keeps its place, without words."""

    id = fields.Integer(required=True)
    source_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    parent = fields.Integer(required=True, allow_none=True)
    author = fields.Nested(Person, required=True, allow_none=True)
    body_markdown = fields.String(required=True)
    html = fields.String(required=True)
    removed = fields.Boolean(required=True)
    accepted = fields.Boolean(required=True)
    votes = fields.Integer(required=True)
    imported_score = fields.Integer(required=True)
    created_at = _moment()
    edited_at = _moment(allow_none=True)


class Space(Schema):
    """A place for one topic or project."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True)
    kind = fields.String(required=True)
    visibility = fields.String(required=True)
    member_count = fields.Integer(required=True)
    entry_count = fields.Integer(required=True)
    url = fields.String(required=True)


class _Page(Schema):
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Send it as `cursor` for the next page."},
    )


class SpacePage(_Page):
    """A page of Spaces."""

    items = fields.List(fields.Nested(Space), required=True)


class EntryPage(_Page):
    """A page of entries."""

    items = fields.List(fields.Nested(Entry), required=True)


class RevisionPage(_Page):
    """A page of revisions."""

    items = fields.List(fields.Nested(Revision), required=True)


class CommentPage(_Page):
    """A page of comments and answers."""

    items = fields.List(fields.Nested(Comment), required=True)
