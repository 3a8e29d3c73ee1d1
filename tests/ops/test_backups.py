"""A backup holds one moment of the whole forum and comes back as it was."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import schema
from forum.backups import BackupError, write_backup
from forum.extensions import db
from forum.files import FileStore
from forum.models import Base, Comment, Entry
from forum.restoring import restore_backup
from forum.unit_of_work import transaction
from tests import factories
from tests.ops import story
from tests.ops.conftest import BOTH, bare_app


@pytest.fixture
def told(empty_url: str, make_bare: Callable[..., Flask]) -> Flask:
    app = make_bare()
    with app.app_context():
        with db.engine.begin() as connection:
            schema.upgrade(connection)
        story.tell(app)
    return app


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    made: list[Flask] = []

    def make(name: str = "other", url: str = "") -> Flask:
        made.append(bare_app(tmp_path / name, url))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def rows(app: Flask) -> dict[str, list[Any]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in Base.metadata.sorted_tables
        }


def backup(app: Flask, target: Path) -> Path:
    with app.app_context():
        write_backup(db.engine, app.config["FORUM_DATA"], target)
    return target


def restore(source: Path, app: Flask, **options: Any) -> Any:
    with app.app_context():
        return restore_backup(source, db.engine, app.config["FORUM_DATA"], **options)


@BOTH
def test_every_row_file_and_secret_comes_back(
    told: Flask, empty: Callable[..., Flask], tmp_path: Path
) -> None:
    before = rows(told)
    assert sum(map(len, before.values())) > 15
    archive = backup(told, tmp_path / "one.zip")
    assert archive.stat().st_mode & 0o077 == 0
    other = empty()
    summary = restore(archive, other)
    assert rows(other) == before
    assert summary.rows == sum(map(len, before.values()))
    stores = [FileStore(app.config["FORUM_DATA"] / "files") for app in (told, other)]
    assert list(stores[0].digests()) == list(stores[1].digests()) != []
    # It goes on from there: new rows get new ids, keys are enforced again.
    with other.app_context():
        assert (
            factories.person("Newcomer").id == max(r[0] for r in before["person"]) + 1
        )
        with pytest.raises(sa.exc.IntegrityError), transaction():
            db.session.execute(sa.update(Entry).values(space_id=999))
    # And back into the first database, over what is there.
    with told.app_context(), transaction():
        db.session.execute(sa.update(Entry).values(title="Spoiled"))
    with pytest.raises(BackupError, match="not empty"):
        restore(archive, told)
    restore(archive, told, force=True)
    assert rows(told) == before
    with told.app_context():
        with pytest.raises(sa.exc.IntegrityError), transaction():
            db.session.execute(sa.update(Entry).values(space_id=999))
        assert (
            factories.person("Newcomer").id == max(r[0] for r in before["person"]) + 1
        )


@BOTH
def test_people_write_while_it_is_made(
    told: Flask, empty: Callable[..., Flask], tmp_path: Path
) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        # Each transaction adds a comment and counts it: the two never differ.
        while not stop.is_set():
            with told.app_context(), transaction():
                entry = db.session.scalars(sa.select(Entry)).one()
                story.add_comment(entry.owner, entry)
                entry.comment_count += 1
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        archives = []
        for number in range(4):
            before = len(written)
            while len(written) < before + 3:
                stop.wait(0.01)
            archives.append(backup(told, tmp_path / f"{number}.zip"))
    finally:
        stop.set()
        writer.join()
    seen = set()
    for number, archive in enumerate(archives):
        other = empty(f"other{number}")
        restore(archive, other)
        with other.app_context():
            count = db.session.scalar(sa.select(Entry.comment_count))
            comments = db.session.scalar(sa.select(sa.func.count(Comment.id)))
        assert comments == count + 1  # the answer is counted elsewhere
        seen.add(comments)
    assert len(seen) == len(archives)


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], Any]) -> Path:
    """Copy an archive; `change` returns (name, bytes) for each member, or None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            member = change(name, old.read(name))
            if member is not None:
                new.writestr(*member)
    return target


def with_manifest(**changes: Any) -> Callable[[str, bytes], tuple[str, bytes]]:
    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name == "manifest.json":
            data = json.dumps({**json.loads(data), **changes}).encode()
        return name, data

    return change


TAMPERED: dict[str, tuple[Callable[[str, bytes], Any], str]] = {
    "a table was changed": (
        lambda n, d: (n, d.replace(b"Ada", b"Eve")),
        "not what the backup once held",
    ),
    "a file was changed": (
        lambda n, d: (n, d + b"x" if n.startswith("files/") else d),
        "not what the backup once held",
    ),
    "a file is missing": (
        lambda n, d: None if n.startswith("files/") else (n, d),
        "missing",
    ),
    "a table is missing": (
        lambda n, d: None if n == "tables/person.jsonl" else (n, d),
        "missing",
    ),
    "the secret is missing": (
        lambda n, d: None if n == "secret.key" else (n, d),
        "missing",
    ),
    "a name leads outside": (
        lambda n, d: ("../../outside" if n.startswith("files/") else n, d),
        "does not belong",
    ),
    "no manifest": (
        lambda n, d: None if n == "manifest.json" else (n, d),
        "not a backup",
    ),
    "a newer schema": (with_manifest(revision="9999_future"), "newer version"),
    "another form": (with_manifest(format=99), "does not know"),
    "odd tables": (with_manifest(tables={"x; DROP": {}}), "cannot be read"),
    "no tables": (with_manifest(tables=[]), "cannot be read"),
}


def test_a_tampered_backup_changes_nothing(told: Flask, tmp_path: Path) -> None:
    archive = backup(told, tmp_path / "good.zip")
    before = rows(told)
    for change, reason in TAMPERED.values():
        bad = rewritten(archive, tmp_path / "bad.zip", change)
        with pytest.raises(BackupError, match=reason):
            restore(bad, told, force=True)
        assert rows(told) == before
    assert not (tmp_path.parent / "outside").exists()


def test_what_is_no_archive_is_refused(told: Flask, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a zip")
    for name in ("notes.txt", "nowhere.zip"):
        with pytest.raises(BackupError, match="cannot be read"):
            restore(tmp_path / name, told, force=True)


def test_rows_that_name_missing_rows_are_refused(told: Flask, tmp_path: Path) -> None:
    with sqlite3.connect(told.config["FORUM_DATA"] / "forum.db") as connection:
        connection.execute("UPDATE entry SET space_id = 999")
    connection.close()
    archive = backup(told, tmp_path / "broken.zip")
    before = rows(told)
    with pytest.raises(BackupError, match="does not hold"):
        restore(archive, told, force=True)
    assert rows(told) == before


def test_an_existing_file_is_never_written_over(told: Flask, tmp_path: Path) -> None:
    target = tmp_path / "mine.zip"
    target.write_text("mine")
    with pytest.raises(BackupError, match="exists"):
        backup(told, target)
    assert target.read_text() == "mine"
    assert [file.name for file in tmp_path.glob(".mine*")] == []


def test_a_lost_file_is_named_and_the_rest_is_kept(
    told: Flask, empty: Callable[..., Flask], tmp_path: Path
) -> None:
    store = FileStore(told.config["FORUM_DATA"] / "files")
    digest = next(store.digests())
    store.delete(digest)
    with told.app_context():
        data = told.config["FORUM_DATA"]
        summary = write_backup(db.engine, data, tmp_path / "b.zip")
    assert summary.missing == [digest]
    assert restore(tmp_path / "b.zip", empty()).missing == [digest]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_backup_of_sqlite_becomes_postgresql(
    empty_url: str, tmp_path: Path, empty: Callable[..., Flask]
) -> None:
    small = empty("small")
    with small.app_context():
        with db.engine.begin() as connection:
            schema.upgrade(connection)
        story.tell(small)
    archive = backup(small, tmp_path / "small.zip")
    large = empty("large", empty_url)
    restore(archive, large)
    assert rows(large) == rows(small)
