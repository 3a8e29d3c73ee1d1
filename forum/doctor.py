"""What `forum doctor` looks at. Each check answers with one finding, never raises."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from forum import mail, schema
from forum.actions import counters
from forum.extensions import db
from forum.files import FileStore
from forum.heartbeat import seconds_since_beat
from forum.models import Attachment, OutboxRow, OutboxState
from forum.unit_of_work import transaction

WORKER_SILENT_SECONDS = 60
LONG_BACKLOG = 1_000
LITTLE_SPACE = 500 * 2**20

Grade = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """What one look has shown."""

    grade: Grade
    words: str


def examine(settings: Mapping[str, Any], *, repair: bool = False) -> list[Finding]:
    """Look at everything the forum needs, in the order in which it needs it."""
    data: Path = settings["FORUM_DATA"]
    findings = [_safely(lambda: data_folder(data)), _safely(lambda: secret(settings))]
    findings += [_safely(lambda: disk(data)), _safely(database)]
    if findings[-1].grade == "problem":
        return findings
    findings.append(_safely(lambda: worker(data)))
    findings.append(_safely(outbox))
    findings.append(_safely(lambda: counts(repair)))
    findings.append(_safely(lambda: files(data)))
    findings.append(_safely(lambda: mail_server(settings)))
    return findings


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (OSError, sa.exc.SQLAlchemyError) as problem:  # mail servers raise OSError
        return Finding(
            "problem", f"{type(problem).__name__}: {problem}".splitlines()[0]
        )


def data_folder(data: Path) -> Finding:
    """The data folder takes new files."""
    if not os.access(data, os.W_OK | os.X_OK):
        return Finding("problem", f"the data folder {data} cannot be written")
    return Finding("ok", f"data folder {data}")


def secret(settings: Mapping[str, Any]) -> Finding:
    """The secret is long enough and nobody else may read it."""
    if len(settings["SECRET_KEY"]) < 32:
        return Finding("problem", "the secret is shorter than 32 characters")
    file: Path = settings["FORUM_DATA"] / "secret.key"
    if not settings["FORUM_SECRET_KEY"] and file.stat().st_mode & 0o077:
        return Finding("problem", f"others may read {file}; run chmod 600 on it")
    return Finding("ok", "secret")


def disk(data: Path) -> Finding:
    """There is room left."""
    free = shutil.disk_usage(data).free
    words = f"{free // 2**20} MiB free on the disk of the data folder"
    return Finding("problem" if free < LITTLE_SPACE else "ok", words)


def database() -> Finding:
    """The database answers and has the schema of this program."""
    with db.engine.connect() as connection:
        revision = schema.current(connection)
    if revision != schema.head():
        return Finding("problem", "the schema is not current; run `forum init`")
    return Finding("ok", f"{db.engine.dialect.name}, schema {revision}")


def worker(data: Path) -> Finding:
    """A worker has been seen within the last minute."""
    age = seconds_since_beat(data)
    if age is None:
        return Finding("note", "no worker has run on this data folder yet")
    if age > WORKER_SILENT_SECONDS:
        return Finding("problem", f"the worker was last seen {age:.0f} seconds ago")
    return Finding("ok", f"worker seen {age:.0f} seconds ago")


def outbox() -> Finding:
    """Promised reactions happen; those given up are named."""
    rows: Iterable[Any] = db.session.execute(
        sa.select(OutboxRow.state, sa.func.count())
        .where(OutboxRow.state != OutboxState.DONE)
        .group_by(OutboxRow.state)
    )
    by_state = {state: count for state, count in rows}
    waiting = by_state.get(OutboxState.WAITING, 0)
    failed = by_state.get(OutboxState.FAILED, 0)
    words = f"{waiting} reactions wait, {failed} were given up"
    if failed:
        last = db.session.execute(
            sa.select(OutboxRow.reaction, OutboxRow.error)
            .where(OutboxRow.state == OutboxState.FAILED)
            .order_by(OutboxRow.id.desc())
            .limit(1)
        ).one()
        words += f"; the last: {last.reaction}: {last.error.splitlines()[0]}"
    return Finding("problem" if failed or waiting > LONG_BACKLOG else "ok", words)


def counts(repair: bool) -> Finding:
    """Every counter says what can be counted."""
    if repair:
        with transaction():
            mended = counters.repair_counters()
        return Finding("ok", f"{mended} counters put right")
    wrong = counters.wrong_counters()
    if wrong:
        return Finding("problem", f"{wrong} counters are wrong; use --repair")
    return Finding("ok", "counters")


def files(data: Path) -> Finding:
    """Every attachment's file is there."""
    store = FileStore(data / "files")
    digests = db.session.scalars(sa.select(Attachment.digest).distinct())
    missing = [digest for digest in digests if not store.exists(digest)]
    if missing:
        return Finding(
            "problem", f"{len(missing)} stored files are missing, such as {missing[0]}"
        )
    return Finding("ok", "stored files")


def mail_server(settings: Mapping[str, Any]) -> Finding:
    """The mail server takes a log-in, or mails are known to be written to files."""
    if not settings["FORUM_SMTP_HOST"]:
        return Finding(
            "note", f"no mail server; mails lie in {settings['FORUM_DATA']}/mail"
        )
    with mail.connect(settings):
        return Finding("ok", f"mail server {settings['FORUM_SMTP_HOST']}")
