"""Counts the SQL statements of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from forum.extensions import db


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect every statement (not BEGIN or COMMIT) that the app's engine runs."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, sql: str, *_rest: Any) -> None:
        if not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(sql)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
