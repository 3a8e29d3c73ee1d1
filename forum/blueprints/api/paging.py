"""Cursor pages: `{"items": […], "next": cursor}` and the same as a Link header."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from forum.blueprints.api.representations import absolute
from forum.errors import Invalid, NotVisible
from forum.queries.paging import Page, decode

MOST_WITH_WORDS = 20


def cursor_of(query: dict[str, Any], *types: type) -> str | None:
    """Return the cursor that was sent; Invalid for one that no answer has held."""
    cursor: str | None = query.get("cursor") or None
    if cursor is None:
        return None
    try:
        for value in decode(cursor, types):
            if isinstance(value, datetime):
                value.astimezone(UTC)
            if isinstance(value, str) and ("\0" in value or not value.isascii()):
                value.replace("\0", "\ud800").encode()
    except (NotVisible, RecursionError, OverflowError, UnicodeEncodeError) as broken:
        raise Invalid({"cursor": "request.cursor_unknown"}) from broken
    return cursor


def size_of(query: dict[str, Any], *, words: bool) -> int:
    """Return how many items a page has; fewer when whole texts come along."""
    return min(query["limit"], MOST_WITH_WORDS) if words else int(query["limit"])


def page_answer(
    page: Page[Any], items: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the body of a page, and the header that names the next one."""
    body = {"items": items, "next": page.next}
    if page.next is None:
        return body, {}
    query = {**request.args.to_dict(), "cursor": page.next}
    address = absolute(f"{request.path}?{urlencode(query)}")
    return body, {"Link": f'<{address}>; rel="next"'}
