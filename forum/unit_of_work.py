"""The only door to commit and rollback.

A view, a command or a job is one transaction. On SQLite a transaction that will write
says so at its first statement (BEGIN IMMEDIATE): a read that turns into a write
half-way fails with "database is locked" under concurrency, a writer that waits its turn
does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from forum.extensions import db

_writing: ContextVar[bool] = ContextVar("writing", default=False)

SQLITE_BUSY_MS = 20_000


@contextmanager
def transaction(*, writing: bool = True) -> Iterator[Session]:
    """Run the block as one transaction: commit at its end, roll back when it raises.

    With `writing` whatever was read before is given up first, so that the block's first
    statement opens a transaction that may write. Without, nothing is committed.
    """
    session = db.session()
    if writing:
        session.rollback()
    mark = _writing.set(writing)
    try:
        yield session
        if writing:
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(mark)


def start_again() -> None:
    """Give up what this transaction has read and changed, and begin it anew.

    For a save that came second: what was changed may not stay, what stands now is read.
    """
    db.session.rollback()


def prepare_engine(engine: Engine) -> None:
    """Give SQLite WAL, foreign keys and honest transactions; others need nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged survives a power cut
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
