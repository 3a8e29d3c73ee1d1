"""The schema of the database: which revision it has, and how it gets to the newest."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


def head() -> str:
    """Return the newest revision that this program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def current(connection: Connection) -> str | None:
    """Return the revision of a database; None for one without any."""
    return MigrationContext.configure(connection).get_current_revision()


def is_empty(connection: Connection) -> bool:
    """Whether the database holds no table at all."""
    return not sa.inspect(connection).get_table_names()


def is_known(revision: str) -> bool:
    """Whether this program can bring that revision to the newest."""
    return any(
        script.revision == revision
        for script in ScriptDirectory(str(FOLDER)).walk_revisions()
    )


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database to a revision within the connection's transaction."""
    config = Config(str(FOLDER / "alembic.ini"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
