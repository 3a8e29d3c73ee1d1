"""`forum serve` and `forum worker`."""

from __future__ import annotations

import click
import sqlalchemy as sa

from forum import config, logs, schema, serving
from forum.cli.frame import Stop, make_app, one_line_errors, with_app


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Instead of FORUM_BIND.")
@click.option("--no-worker", is_flag=True, help="The worker runs somewhere else.")
def serve(bind: str | None, no_worker: bool) -> None:
    """Run the forum: web and worker, restarted when they die, until stopped."""
    with one_line_errors():
        settings = config.flask_settings(config.load())
        settings["FORUM_DATA"].mkdir(parents=True, exist_ok=True)
        # The parent makes no app; standard output is for the address alone.
        logs.configure(settings["FORUM_LOG_LEVEL"])
        make_ready(settings["SQLALCHEMY_DATABASE_URI"])
        server = serving.listen(bind or settings["FORUM_BIND"])
        click.echo(f"Commonplace is at {serving.address_of(server)}")
        serving.serve(server, with_worker=not no_worker)


def make_ready(address: str) -> None:
    """Make the schema of an empty database; stop before one that is not current.

    A schema that holds something is changed only when somebody asks for it.
    """
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    with engine.connect() as connection:
        is_empty, revision = schema.is_empty(connection), schema.current(connection)
    if not is_empty and revision != schema.head():
        raise Stop("the database has another schema; back it up and run `forum init`")
    if is_empty:
        from forum.cli.init import bring_to_head

        with make_app().app_context():
            bring_to_head()


@click.command()
@click.option("--parent", type=int, hidden=True, help="Leave when this one is gone.")
@with_app
def worker(parent: int | None) -> None:
    """Run the worker alone: promised reactions and the schedule."""
    from flask import current_app

    from forum import worker as process

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    process.run(app, parent=parent)
