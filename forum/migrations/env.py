"""How Alembic reaches the database: through a connection given, or the app's own."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from forum.models import Base


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types into a new migration in terms of SQLAlchemy alone.

    A migration is history: it may not change when a class of ours does.
    """
    name = type(item).__name__
    if kind == "type" and name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and name == "JSON":
        return "JSON"
    return False


def migrate(connection: Connection) -> None:
    """Run what was asked for on this connection, all in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    from forum.extensions import db

    with db.engine.begin() as own:
        migrate(own)
