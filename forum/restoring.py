"""A backup becomes a forum again: looked through first, then all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from forum import schema
from forum.backups import (
    FORMAT,
    MANIFEST,
    ROWS_A_READ,
    SECRET,
    BackupError,
    Progress,
    Summary,
    lines_of,
    no_progress,
    unpacked_secret,
)
from forum.files import FileStore

LARGEST_MANIFEST = 64 * 2**20
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_FILE = re.compile(r"files/([0-9a-f]{64})")


def restore_backup(
    source: Path,
    engine: Engine,
    data: Path,
    *,
    force: bool = False,
    progress: Progress = no_progress,
) -> Summary:
    """Load a backup into an empty database, or with `force` in place of what is there.

    Everything in the archive is held against its digest before anything changes; the
    database changes in one transaction. A backup of an older version is brought to the
    present schema; one of a newer version is refused. Raises BackupError.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _looked_through(archive, progress)
            summary = Summary(source, missing=list(manifest["missing_files"]))
            _restore_files(archive, FileStore(data / "files"), summary, progress)
            summary.rows = _restore_database(archive, manifest, engine, force, progress)
            if manifest["secret"]:
                unpacked_secret(archive, data)
            return summary
    except (zipfile.BadZipFile, OSError, EOFError) as problem:
        raise BackupError(f"{source} cannot be read: {problem}") from problem


def _looked_through(archive: zipfile.ZipFile, progress: Progress) -> dict[str, Any]:
    names = archive.namelist()
    if len(names) != len(set(names)) or MANIFEST not in names:
        raise BackupError("this is not a backup of the forum")
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise BackupError("this is not a backup of the forum")
    manifest = _manifest_of(archive)
    if not schema.is_known(manifest["revision"]):
        raise BackupError(
            f"the backup was made by a newer version ({manifest['program']});"
            " install that version first"
        )
    tables = {f"tables/{name}.jsonl": name for name in manifest["tables"]}
    for number, name in enumerate(names, 1):
        progress("check", number, len(names))
        file = _FILE.fullmatch(name)
        if file is not None:
            expected = file[1]
        elif name in tables:
            expected = manifest["tables"][tables[name]]["sha256"]
        elif name == MANIFEST or (name == SECRET and manifest["secret"]):
            continue
        else:
            raise BackupError(f"{name!r} does not belong into a backup")
        if _digest_of(archive, name) != expected:
            raise BackupError(f"{name} is not what the backup once held")
    files = sum(1 for name in names if _FILE.fullmatch(name))
    lost = set(tables) - set(names)
    if manifest["secret"] and SECRET not in names:
        lost.add(SECRET)
    if lost or files != manifest["files"]:
        raise BackupError("parts of the backup are missing")
    return manifest


def _manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        known = manifest["format"] == FORMAT
        tables = manifest["tables"]
        sound = all(
            _TABLE.fullmatch(name)
            and all(_TABLE.fullmatch(column) for column in table["columns"])
            and isinstance(table["rows"], int)
            and isinstance(table["sha256"], str)
            for name, table in tables.items()
        )
        sound = sound and isinstance(manifest["files"], int)
        sound = sound and isinstance(manifest["missing_files"], list)
        sound = sound and isinstance(manifest["secret"], bool)
        sound = sound and isinstance(manifest["revision"], str)
        sound = sound and isinstance(manifest["program"], str)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BackupError("the manifest of this backup cannot be read") from problem
    if not known:
        raise BackupError("this program does not know that form of backup")
    if not sound:
        raise BackupError("the manifest of this backup cannot be read")
    return dict(manifest)


def _digest_of(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while chunk := source.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()


def _restore_files(
    archive: zipfile.ZipFile, store: FileStore, summary: Summary, progress: Progress
) -> None:
    names = [name for name in archive.namelist() if _FILE.fullmatch(name)]
    for number, name in enumerate(names, 1):
        progress("files", number, len(names))
        # Its place follows from its bytes, never from its name in the archive.
        with archive.open(name) as source:
            store.put(cast(BinaryIO, source), limit=archive.getinfo(name).file_size)
        summary.files += 1


def _restore_database(
    archive: zipfile.ZipFile,
    manifest: dict[str, Any],
    engine: Engine,
    force: bool,
    progress: Progress,
) -> int:
    with _sole_writer(engine) as connection:
        if not schema.is_empty(connection) and _holds_rows(connection) and not force:
            raise BackupError(
                "the database is not empty; --force replaces what is there"
            )
        _drop_everything(connection)
        schema.upgrade(connection, manifest["revision"])
        existing = sa.MetaData()
        existing.reflect(connection)
        _defer_foreign_keys(connection, existing)
        rows = 0
        for number, name in enumerate(manifest["tables"], 1):
            progress("tables", number, len(manifest["tables"]))
            rows += _load(connection, existing, archive, name, manifest["tables"][name])
        _check_foreign_keys(connection, existing)
        _set_sequences(connection, existing)
        schema.upgrade(connection)
    return rows


class _sole_writer:  # noqa: N801 - reads as a word in `with _sole_writer(engine)`
    """One transaction on its own connection; SQLite checks keys at its end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = sa.create_engine(engine.url, poolclass=sa.NullPool)
        if engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _plain_sqlite)
            sa.event.listen(self.engine, "begin", _begin_immediate)

    def __enter__(self) -> Connection:
        self.context = self.engine.begin()
        return self.context.__enter__()

    def __exit__(self, *problem: Any) -> None:
        self.context.__exit__(*problem)
        self.engine.dispose()


def _plain_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _holds_rows(connection: Connection) -> bool:
    tables = sa.MetaData()
    tables.reflect(connection)
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for name, table in tables.tables.items()
        if name != "alembic_version"
    )


def _drop_everything(connection: Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)
    tables.drop_all(connection)


def _load(
    connection: Connection,
    existing: sa.MetaData,
    archive: zipfile.ZipFile,
    name: str,
    described: dict[str, Any],
) -> int:
    table = existing.tables.get(name)
    if table is None or set(described["columns"]) != {c.name for c in table.columns}:
        raise BackupError(f"the table {name} is not one of that version")
    columns = [table.columns[column] for column in described["columns"]]
    loaded = 0
    for batch in _batches(lines_of(archive, name), columns):
        connection.execute(sa.insert(table), batch)
        loaded += len(batch)
    if loaded != described["rows"]:
        raise BackupError(f"the table {name} has lost rows")
    return loaded


def _batches(
    lines: Iterator[bytes], columns: list[sa.Column[Any]]
) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        values = json.loads(line)
        batch.append(
            {
                column.name: _of_type(column, value)
                for column, value in zip(columns, values, strict=True)
            }
        )
        if len(batch) == ROWS_A_READ:
            yield batch
            batch = []
    if batch:
        yield batch


def _of_type(column: sa.Column[Any], value: Any) -> Any:
    if value is not None and isinstance(column.type, sa.DateTime):
        moment = datetime.fromisoformat(value).astimezone(UTC)
        # A column without zones (SQLite) keeps UTC.
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    return value


def _foreign_keys(existing: sa.MetaData) -> Iterator[tuple[str, str]]:
    for table in existing.tables.values():
        for key in table.foreign_key_constraints:
            yield table.name, str(key.name)


def _defer_foreign_keys(connection: Connection, existing: sa.MetaData) -> None:
    if connection.dialect.name != "postgresql":
        return  # not enforced on this connection, checked at the end
    for table, key in _foreign_keys(existing):
        connection.exec_driver_sql(
            f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" DEFERRABLE'
        )
    connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")


def _check_foreign_keys(connection: Connection, existing: sa.MetaData) -> None:
    if connection.dialect.name == "sqlite":
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise BackupError("rows of the backup name others that it does not hold")
        return
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except sa.exc.IntegrityError as problem:
        raise BackupError(
            "rows of the backup name others that it does not hold"
        ) from problem
    for table, key in _foreign_keys(existing):
        connection.exec_driver_sql(
            f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" NOT DEFERRABLE'
        )


def _set_sequences(connection: Connection, existing: sa.MetaData) -> None:
    if connection.dialect.name != "postgresql":
        return  # SQLite numbers on from the largest id by itself
    for table in existing.tables.values():
        if "id" not in table.columns:
            continue
        name = connection.scalar(
            sa.select(sa.func.pg_get_serial_sequence(table.name, "id"))
        )
        largest = connection.scalar(sa.select(sa.func.max(table.columns["id"])))
        if name is not None and largest is not None:
            connection.execute(sa.select(sa.func.setval(name, largest)))
