"""What programs send and receive. Shape and size only; the actions know the rules."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from forum.actions.content import LONGEST_BODY, LONGEST_TITLE, clean_text
from forum.actions.spaces import LONGEST_NAME, LONGEST_PURPOSE
from forum.models import CommentKind, SpaceKind, Visibility
from forum.rules.kinds import KINDS, LONGEST_FIELD
from forum.rules.tags import LONGEST_TAG, MOST_TAGS

LONGEST_COMMENT = 50_000
MOST_FIELDS = 50
MOST_POINTS = 100
LARGEST_ID = 2**31 - 1


class Text(fields.String):
    """Text without what a database cannot hold."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return clean_text(super()._deserialize(*args, **kwargs))


class FieldValue(fields.Field[Any]):
    """The value of a template's field: text, or the ticked points of a checklist."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        points = value if isinstance(value, list) else [value]
        if len(points) > MOST_POINTS or not all(isinstance(p, str) for p in points):
            raise ValidationError("This has to be text, or a list of texts.")
        if any(len(point) > LONGEST_FIELD for point in points):
            raise ValidationError(f"At most {LONGEST_FIELD} characters.")
        clean = [clean_text(point) for point in points]
        return clean if isinstance(value, list) else clean[0]


def one_of(words: Any) -> validate.OneOf:
    """Return a check for one of these words."""
    return validate.OneOf([str(word) for word in words])


def _kind(**options: Any) -> fields.String:
    return fields.String(validate=one_of(KINDS), **options)


def _title(**options: Any) -> Text:
    return Text(validate=validate.Length(max=LONGEST_TITLE), **options)


def _body(**options: Any) -> Text:
    return Text(validate=validate.Length(max=LONGEST_BODY), **options)


def _fields(**options: Any) -> fields.Dict:
    key = fields.String(validate=validate.Regexp(r"[a-z][a-z0-9_-]{0,59}\Z"))
    enough = validate.Length(max=MOST_FIELDS)
    words = {"type": "string", "maxLength": LONGEST_FIELD}
    points = {"type": "array", "items": words, "maxItems": MOST_POINTS}
    value = FieldValue(metadata={"oneOf": [words, points]})
    return fields.Dict(keys=key, values=value, validate=enough, **options)


def _tags(**options: Any) -> fields.Field[Any]:
    tag = Text(validate=validate.Length(min=1, max=LONGEST_TAG))
    return fields.List(tag, validate=validate.Length(max=MOST_TAGS), **options)


class NewEntry(Schema):
    """An entry to be published, or to be kept as a draft."""

    kind = _kind(required=True)
    space = Text(required=True, metadata={"description": "Slug of the Space."})
    title = _title(required=True)
    body_markdown = _body(required=True)
    fields_ = _fields(data_key="fields", load_default=dict)
    tags = _tags(load_default=list)
    status = fields.String(
        validate=one_of(("published", "draft")), load_default="published"
    )


class EntryChange(Schema):
    """What shall be different; what is left out stays."""

    kind = _kind()
    space = Text(metadata={"description": "Slug of the Space to move it to."})
    title = _title()
    body_markdown = _body()
    fields_ = _fields(data_key="fields")
    tags = _tags()
    status = fields.String(validate=one_of(("published", "hidden")))
    reason = Text(validate=validate.Length(max=200), load_default="")


class NewSpace(Schema):
    """A Space to be started."""

    name = Text(required=True, validate=validate.Length(1, LONGEST_NAME))
    purpose = Text(load_default="", validate=validate.Length(max=LONGEST_PURPOSE))
    kind = fields.String(validate=one_of(SpaceKind), load_default="topic")
    visibility = fields.String(validate=one_of(Visibility), load_default="open")
    required_tags = _tags(load_default=list)


class NewComment(Schema):
    """A comment, an answer to a question, or a reply to either."""

    body_markdown = Text(required=True, validate=validate.Length(1, LONGEST_COMMENT))
    kind = fields.String(validate=one_of(CommentKind), load_default="comment")
    parent = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(1, LARGEST_ID),
    )


class Markdown(Schema):
    """Text to be rendered."""

    markdown = _body(required=True)


class Html(Schema):
    """Text as readers will see it."""

    html = fields.String(required=True)


class PageQuery(Schema):
    """Which page, and how long."""

    cursor = fields.String(validate=validate.Length(max=2000))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class SpacesQuery(Schema):
    """Which page."""

    cursor = fields.String(validate=validate.Length(max=2000))


class WordsQuery(PageQuery):
    """Which page, and whether with the words (then at most 20 items)."""

    include = fields.String(validate=one_of(("body",)))


class EntriesQuery(WordsQuery):
    """Which entries."""

    kind = _kind()
    space = Text(metadata={"description": "Slug of a Space."})
    tag = Text(metadata={"description": "A tag or a synonym of one."})
    author = fields.Integer(validate=validate.Range(1, LARGEST_ID))
