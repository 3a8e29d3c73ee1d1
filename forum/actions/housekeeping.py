"""What nobody needs any more is put away: expired rows and files without a name."""

from __future__ import annotations

import os
from datetime import timedelta

import sqlalchemy as sa

from forum import clock
from forum.extensions import db
from forum.files import FileStore
from forum.models import (
    Attachment,
    Base,
    IdempotencyKey,
    LogIn,
    LoginFailure,
    OutboxRow,
    OutboxState,
    PasswordReset,
)

KEEP_RESETS = timedelta(days=30)
KEEP_IDEMPOTENCY_KEYS = timedelta(days=1)
KEEP_FAILURES = timedelta(days=1)
KEEP_DONE_REACTIONS = timedelta(days=30)
KEEP_UNNAMED_FILES = timedelta(days=1)


def purge_expired_log_ins() -> int:
    """Delete log-ins that have expired; return how many."""
    return _delete(LogIn, LogIn.expires_at < clock.now())


def purge_old_resets() -> int:
    """Delete links to a new password that expired more than 30 days ago."""
    return _delete(PasswordReset, PasswordReset.expires_at < clock.now() - KEEP_RESETS)


def purge_login_failures() -> int:
    """Delete counts of failed log-ins that began over a day ago and lock nobody."""
    now = clock.now()
    return _delete(
        LoginFailure,
        LoginFailure.first_at < now - KEEP_FAILURES,
        sa.or_(LoginFailure.locked_until.is_(None), LoginFailure.locked_until < now),
    )


def purge_idempotency_keys() -> int:
    """Delete answers kept for repeated requests of programs after a day."""
    limit = clock.now() - KEEP_IDEMPOTENCY_KEYS
    return _delete(IdempotencyKey, IdempotencyKey.created_at < limit)


def purge_done_reactions() -> int:
    """Delete outbox rows that were done more than 30 days ago; failed ones stay."""
    return _delete(
        OutboxRow,
        OutboxRow.state == OutboxState.DONE,
        OutboxRow.done_at < clock.now() - KEEP_DONE_REACTIONS,
    )


def sweep_files(store: FileStore) -> int:
    """Remove stored files older than a day that no attachment names; return how many.

    A file is stored before its row is written, so a young one may still get its name.
    """
    before = (clock.now() - KEEP_UNNAMED_FILES).timestamp()
    removed = store.sweep(before)
    named = set(db.session.scalars(sa.select(Attachment.digest)))
    named |= set(
        db.session.scalars(
            sa.select(Attachment.thumbnail_digest).where(
                Attachment.thumbnail_digest.is_not(None)
            )
        )
    )
    for digest in store.digests():
        if digest not in named and _kept_at(store, digest) < before:
            removed += store.delete(digest)
    return removed


def _kept_at(store: FileStore, digest: str) -> float:
    with store.open(digest) as file:
        return os.fstat(file.fileno()).st_mtime


def _delete(model: type[Base], *criteria: sa.ColumnElement[bool]) -> int:
    result = db.session.execute(sa.delete(model).where(*criteria))
    return int(result.rowcount)  # type: ignore[attr-defined]
