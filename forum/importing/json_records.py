"""One JSON object to one entry with its answers and comments.

A `post` with answers or a score is a question. A record that has a `payload` and no
text of its own becomes a post that shows the payload. Peer reviews come later.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from forum.importing import headings
from forum.importing.cleaning import (
    clean_tags,
    one_line,
    stable_id,
    web_address,
)
from forum.importing.encodings import clean
from forum.importing.json_comments import read_comments
from forum.importing.json_fields import Fields
from forum.importing.records import (
    EntryRecord,
    Limits,
    ReasonKey,
    Record,
    Refused,
    Warning,
)

_NOT_YET = ("peer-review",)
_UNKNOWN_AUTHOR = "source"


def read_record(
    found: Mapping[str, Any], label: str, number: int, limits: Limits
) -> Record:
    """Make an entry of a JSON object, or say why not."""
    reader = Fields(found)
    place = _own_id(found) or f"{label}:{number}"
    payload = found.get("payload")
    shows_payload = isinstance(payload, str) and "body_markdown" not in found
    body = payload if shows_payload else found.get("body_markdown", found.get("body"))
    title = found.get("title")
    if shows_payload and title is None:
        title = found.get("name") or place
    reason = _refusal(found, title, body, limits)
    if reason:
        return Refused(place, label, reason, {"line": number})
    text, warnings = clean(str(body))
    title = one_line(clean(str(title))[0])
    if shows_payload:
        warnings = (*warnings, Warning("payload_as_text"))
    else:
        text, removed = headings.without_title(text, title)
        warnings = (*warnings, *removed)
    if not text.strip() or not title:
        empty: ReasonKey = "no_body" if title else "title_missing"
        return Refused(place, label, empty, {"line": number})
    text, shortened = headings.without_long_headings(text)
    title, text, cut = headings.with_short_title(title, text)
    source_id = _own_id(found)
    if not source_id:
        digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]
        source_id = stable_id(f"jsonl:{label}#{digest}")
        cut = (*cut, Warning("id_made"))
    origin = reader.text("source") or label
    kind = reader.kind()
    replies, about = read_comments(found, source_id, origin, kind == "question")
    tags, dropped = clean_tags(reader.list("tags"))
    author = reader.text("author")
    return EntryRecord(
        source_id=source_id,
        path=label,
        kind=kind,
        title=title,
        body_markdown=text,
        origin=origin,
        tags=tags,
        author=None if author == _UNKNOWN_AUTHOR else author,
        author_url=web_address(found.get("author_url")),
        created_at=reader.date("created_at"),
        updated_at=reader.date("updated_at"),
        lang=reader.text("lang"),
        url=web_address(found.get("url")),
        licence=reader.text("licence") or reader.text("license"),
        attribution=reader.text("attribution"),
        score=reader.number("score"),
        fields=reader.texts("fields"),
        replies=replies,
        warnings=(*warnings, *shortened, *cut, *dropped, *about, *reader.warnings),
    )


def _own_id(found: Mapping[str, Any]) -> str:
    own = found.get("id")
    if isinstance(own, bool) or not isinstance(own, str | int):
        return ""
    return stable_id(clean(str(own))[0])


def _refusal(
    found: Mapping[str, Any], title: object, body: object, limits: Limits
) -> ReasonKey | None:
    if found.get("kind") in _NOT_YET:
        return "kind_not_imported"
    if title is None or title == "":
        return "title_missing"
    if body is None:
        return "body_missing"
    if not isinstance(title, str) or not isinstance(body, str):
        return "wrong_type"
    too_large = len(body.encode("utf-8", "replace")) > limits.text_bytes
    return "too_large" if too_large else None
