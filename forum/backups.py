"""One archive that holds the whole forum, written while it runs.

A backup is a zip: `manifest.json`, one JSON Lines file for each table, the stored files
and the secret. The tables are read in one transaction that sees one moment, on SQLite
as on PostgreSQL, and in a form that belongs to neither: a backup of one can be restored
into the other. Files never change under their name, so they are copied afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from forum import clock, schema
from forum.errors import ForumError
from forum.files import FileStore
from forum.models import Attachment, Base

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105 - its name, not itself
ROWS_A_READ = 500

Progress = Callable[[str, int, int], None]


class BackupError(ForumError):
    """A backup cannot be written, or this one cannot be taken; says why."""


@dataclass
class Summary:
    """What a backup holds."""

    path: Path
    rows: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)


def no_progress(_what: str, _done: int, _total: int) -> None:
    """Show nothing."""


def write_backup(
    engine: Engine, data: Path, target: Path, *, progress: Progress = no_progress
) -> Summary:
    """Write a backup to `target`, whole or not at all; other people may go on writing.

    Raises BackupError when the schema is not current or the target exists.
    """
    if target.exists():
        raise BackupError(f"{target} exists already")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    draft.touch(mode=0o600)  # it holds the secret and every hash
    summary = Summary(target)
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest, digests = _write_tables(engine, archive, progress)
            _write_files(data, archive, digests, summary, progress)
            manifest["files"] = summary.files
            manifest["missing_files"] = summary.missing
            manifest["secret"] = (data / SECRET).is_file()
            if manifest["secret"]:
                archive.write(data / SECRET, SECRET)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        # A link, because a rename would put it over what came there meanwhile.
        try:
            target.hardlink_to(draft)
        except FileExistsError as taken:
            raise BackupError(f"{target} exists already") from taken
    finally:
        draft.unlink(missing_ok=True)
    summary.rows = sum(table["rows"] for table in manifest["tables"].values())
    return summary


def _write_tables(
    engine: Engine, archive: zipfile.ZipFile, progress: Progress
) -> tuple[dict[str, Any], list[str]]:
    tables = Base.metadata.sorted_tables
    described: dict[str, Any] = {}
    with one_moment(engine) as connection:
        revision = schema.current(connection)
        if revision != schema.head():
            raise BackupError("the schema is not current; run `forum init` first")
        for number, table in enumerate(tables, 1):
            progress("tables", number, len(tables))
            described[table.name] = _write_table(connection, table, archive)
        digests = set(connection.scalars(sa.select(Attachment.digest)))
        digests |= {
            digest
            for digest in connection.scalars(sa.select(Attachment.thumbnail_digest))
            if digest is not None
        }
    manifest = {
        "format": FORMAT,
        "program": version("commonplace-forum"),
        "revision": revision,
        "made_at": clock.now().isoformat(),
        "database": engine.dialect.name,
        "tables": described,
    }
    return manifest, sorted(digests)


class one_moment:  # noqa: N801 - reads as a word in `with one_moment(engine)`
    """A connection whose every read sees the database as it is now, and stays so."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()

    def __enter__(self) -> Connection:
        if self.connection.dialect.name == "postgresql":
            self.connection.execution_options(isolation_level="REPEATABLE READ")
        return self.connection

    def __exit__(self, *_problem: object) -> None:
        self.connection.close()


def _write_table(
    connection: Connection, table: sa.Table, archive: zipfile.ZipFile
) -> dict[str, Any]:
    rows = connection.execution_options(yield_per=ROWS_A_READ).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    digest, count = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as target:
        for row in rows:
            plain = [_plain(value) for value in row]
            line = json.dumps(plain, ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            target.write(line)
            count += 1
    return {
        "columns": [column.name for column in table.columns],
        "rows": count,
        "sha256": digest.hexdigest(),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _write_files(
    data: Path,
    archive: zipfile.ZipFile,
    digests: list[str],
    summary: Summary,
    progress: Progress,
) -> None:
    store = FileStore(data / "files")
    for number, digest in enumerate(digests, 1):
        progress("files", number, len(digests))
        try:
            source = store.open(digest)
        except FileNotFoundError:
            summary.missing.append(digest)
            continue
        # Pictures and archives do not get smaller by packing them again.
        place = zipfile.ZipInfo(f"files/{digest}")
        place.compress_type = zipfile.ZIP_STORED
        with source, archive.open(place, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 2**20)
        summary.files += 1


def lines_of(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    """Yield the rows of a table, as they stand in the archive."""
    with archive.open(f"tables/{table}.jsonl") as source:
        yield from source


def unpacked_secret(archive: zipfile.ZipFile, data: Path) -> None:
    """Put the secret in its place, readable by its owner alone."""
    data.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=data, prefix=".secret-")
    with os.fdopen(handle, "wb") as draft:
        draft.write(archive.read(SECRET))
        draft.flush()
        os.fsync(draft.fileno())
    Path(name).replace(data / SECRET)
