"""An app without pages: what runs behind them needs only settings and a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import config
from forum.extensions import babel, db
from forum.unit_of_work import prepare_engine

BOTH = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)


def bare_app(data: Path, database_url: str = "", **settings: Any) -> Flask:
    """The forum's settings and database, and nothing that answers requests."""
    given = {"FORUM_DATA": str(data), "FORUM_DATABASE_URL": database_url, **settings}
    values = config.flask_settings(config.load(given, {}))
    values["FORUM_DATA"].mkdir(parents=True, exist_ok=True)
    app = Flask("forum", template_folder=str(Path(__file__).parents[2] / "templates"))
    app.config.update(values)
    db.init_app(app)
    babel.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    return app


@pytest.fixture
def make_bare(tmp_path: Path, database_url: str) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        made.append(bare_app(tmp_path / "data", database_url, **settings))
        return made[-1]

    yield make
    for each in made:
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def bare(make_bare: Callable[..., Flask]) -> Flask:
    return make_bare()


@pytest.fixture
def empty_url(database_url: str) -> str:
    """The address of a database without a single table."""
    engine = sa.create_engine(config.with_driver(database_url))
    with engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        tables.drop_all(connection)
    engine.dispose()
    return database_url
