"""Stable pages: a page begins after the last row of the one before (keyset)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from forum.errors import NotVisible

Row = TypeVar("Row")
PAGE_SIZE = 20


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page; `next` is the cursor of the following page, or None."""

    rows: Sequence[Row]
    next: str | None
    is_first: bool = True


def page_of(
    fetched: Sequence[Row],
    size: int,
    key: Callable[[Row], tuple[Any, ...]],
    cursor: str | None = None,
) -> Page[Row]:
    """Make a page of rows fetched with a limit of `size` + 1."""
    rows = fetched[:size]
    more = encode(key(rows[-1])) if len(fetched) > size else None
    return Page(rows, more, is_first=not cursor)


def after(
    columns: Sequence[Any], values: tuple[Any, ...], *, descending: bool
) -> sa.ColumnElement[bool]:
    """Select what comes after `values` when ordered by `columns`, all one way."""
    left = sa.tuple_(*columns)
    right = sa.tuple_(
        *[
            sa.literal(value, column.type)
            for column, value in zip(columns, values, strict=True)
        ]
    )
    return left < right if descending else left > right


def encode(values: tuple[Any, ...]) -> str:
    """Write sort values as an opaque cursor for an address."""
    plain = [
        {"t": value.isoformat()} if isinstance(value, datetime) else value
        for value in values
    ]
    text = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, types: tuple[type, ...]) -> tuple[Any, ...]:
    """Read a cursor back. One that nobody made here is a page that does not exist."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        plain = json.loads(base64.urlsafe_b64decode(padded))
        values = tuple(
            datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value
            for value in plain
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as broken:
        raise NotVisible from broken
    fits = len(values) == len(types) and all(
        isinstance(value, kind) and _fits_a_column(value)
        for value, kind in zip(values, types, strict=False)
    )
    if not fits or any(isinstance(v, datetime) and v.tzinfo is None for v in values):
        raise NotVisible
    return values


def _fits_a_column(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**31) <= value < 2**31
    if isinstance(value, str):
        return "\0" not in value and value.encode("utf-8", "ignore").decode() == value
    return True
