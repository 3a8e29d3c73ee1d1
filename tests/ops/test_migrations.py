"""The migrations lead from nothing to exactly the models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from forum import schema
from forum.config import with_driver
from forum.models import Base
from tests.ops.conftest import BOTH


def constraints(connection: sa.Connection) -> dict[str, set[str]]:
    inspector = sa.inspect(connection)
    return {
        name: {str(check["name"]) for check in inspector.get_check_constraints(name)}
        | {str(key["name"]) for key in inspector.get_foreign_keys(name)}
        | {str(unique["name"]) for unique in inspector.get_unique_constraints(name)}
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


@BOTH
def test_migrated_from_nothing_equals_the_models(empty_url: str) -> None:
    engine = sa.create_engine(with_driver(empty_url))
    with engine.begin() as connection:
        assert schema.is_empty(connection)
        assert schema.current(connection) is None
        schema.upgrade(connection)
        assert schema.current(connection) == schema.head()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        migrated = constraints(connection)
        schema.upgrade(connection)  # again: nothing to do
    with engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        tables.drop_all(connection)
        Base.metadata.create_all(connection)
        assert migrated == constraints(connection)
    engine.dispose()


def test_a_revision_of_a_newer_program_is_not_known() -> None:
    assert schema.is_known(schema.head())
    assert not schema.is_known("9999_from_the_future")
