"""What the tests share: an app on a database of its own, people, and a frozen clock."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from forum import create_app
from forum.extensions import db
from forum.models import Base, Person
from tests import factories

# Property tests: quick by default; HYPOTHESIS_PROFILE=thorough takes its time.
settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Each test makes and syncs files of its own: in memory where there is plenty of it, and
# without waiting for PostgreSQL's disk. What is proved is the forum, not the disk.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")

REQUIRE_ALL = os.environ.get("COMMONPLACE_REQUIRE_ALL") == "1"
CHROMIUM = Path(os.environ.get("COMMONPLACE_TEST_CHROMIUM", "/usr/bin/chromium"))
POSTGRES = os.environ.get("COMMONPLACE_TEST_POSTGRES", "postgresql:///postgres")
CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"

# Tests in these folders run on SQLite and on PostgreSQL.
DATA_LAYER = {"models", "policies", "queries", "actions"}


def skip_unless_required(reason: str) -> None:
    """Skip with a reason on a machine that lacks something; fail where all is asked."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = metafunc.definition.path.parent.name
    if "database_url" in metafunc.fixturenames and folder in DATA_LAYER:
        metafunc.parametrize(
            "database_url",
            ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
            indirect=True,
        )


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        skip_unless_required("the sample corpus is not beside the checkout")
    return CORPUS


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium a worker. It finds no address but this machine's."""
    if not CHROMIUM.exists():
        skip_unless_required("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Styles and scripts are laid out once a worker, not once a test."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "forum.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


class Postgres:
    """One database a worker: emptied after each test, made anew where that fails."""

    def __init__(self) -> None:
        self.name = f"commonplace_test_{uuid.uuid4().hex[:12]}"
        self.url = sa.make_url(POSTGRES).set(database=self.name)
        address = POSTGRES.replace("postgresql://", "postgresql+psycopg://", 1)
        self.admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        driver = self.url.set(drivername="postgresql+psycopg")
        self.inside = sa.create_engine(
            driver, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )

    def create(self) -> None:
        with self.admin.connect() as connection:
            connection.execute(
                sa.text(f'CREATE DATABASE "{self.name}" TEMPLATE template0')
            )
        Base.metadata.create_all(self.inside)

    def drop(self) -> None:
        with self.admin.connect() as connection:
            connection.execute(
                sa.text(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            )

    def empty(self) -> None:
        """Delete every row and begin all ids at one, as in a fresh database."""
        tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
        words = [f'DELETE FROM "{name}"' for name in tables]
        with self.inside.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            here = set(sa.inspect(connection).get_table_names())
            if here != set(tables):
                raise LookupError("a test has changed the schema")
            sequences = connection.exec_driver_sql(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            ).scalars()
            words += [f'ALTER SEQUENCE "{name}" RESTART' for name in sequences]
            connection.exec_driver_sql(";\n".join(words))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    database = Postgres()
    try:
        database.create()
    except sa.exc.OperationalError:
        skip_unless_required("no PostgreSQL server answers")
    yield database
    database.drop()
    database.inside.dispose()
    database.admin.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated database; SQLite unless asked."""
    if getattr(request, "param", "sqlite") == "sqlite":
        target = tmp_path / "data" / "forum.db"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), target)
        yield f"sqlite:///{target}"
        return
    database = request.getfixturevalue("postgres")
    yield database.url.render_as_string(False)
    try:
        database.empty()
    except (LookupError, sa.exc.SQLAlchemyError):
        database.drop()
        database.create()


@pytest.fixture
def make_app(
    database_url: str, tmp_path: Path, shared_cache: Path
) -> Iterator[Callable[..., Flask]]:
    """Make apps on this test's database, as several processes would."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    if not (data / "cache").exists():
        (data / "cache").symlink_to(shared_cache)
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = create_app(
            {
                "FORUM_DATA": str(data),
                "FORUM_DATABASE_URL": database_url,
                "FORUM_SECRET_KEY": "a secret that only tests use",
                "FORUM_SITE_URL": "http://localhost",
                "TESTING": True,
                "RATELIMIT_ENABLED": False,
                **settings,
            }
        )
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """Run the test inside an application context, for actions and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not logged in."""
    return app.test_client()


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Person | int], FlaskClient]:
    """Return a browser in which somebody is logged in."""

    def browser(person: Person | int) -> FlaskClient:
        return factories.logged_in(
            app, person if isinstance(person, int) else person.id
        )

    return browser
