"""What every command shares: the app around it, and refusals as one line."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import click
import sqlalchemy as sa

from forum import config, errors, schema

if TYPE_CHECKING:
    from flask import Flask

Command = TypeVar("Command", bound=Callable[..., Any])

BAD_SETTINGS = 2
REFUSED = 1


class Stop(click.ClickException):
    """The command ends here, with a sentence on stderr and an exit code."""

    exit_code: ClassVar[int] = REFUSED

    def show(self, file: Any = None) -> None:
        """Say why, without any frame around it."""
        click.echo(f"forum: {self.message}", err=True)


class BadSettings(Stop):
    """A setting cannot be used."""

    exit_code: ClassVar[int] = BAD_SETTINGS


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn everything foreseeable that may go wrong into a line and an exit code."""
    try:
        yield
    except config.BadSetting as problem:
        raise BadSettings(str(problem)) from problem
    except errors.ForumError as problem:
        raise Stop(str(problem)) from problem
    except sa.exc.OperationalError as problem:
        reason = str(problem.orig).strip().splitlines()[0]
        raise Stop(f"the database does not answer: {reason}") from problem
    except OSError as problem:
        raise Stop(str(problem)) from problem


def with_app(command: Command) -> Command:
    """Run a command inside the app, on a database whose schema is current."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with one_line_errors(), make_app().app_context():
            require_current_schema()
            with forum_errors():
                return command(*args, **kwargs)

    return run  # type: ignore[return-value]


def make_app() -> Flask:
    """Return the app; commands that need none of it start without."""
    from forum import create_app

    return create_app()


def require_current_schema() -> None:
    """Stop, and say what to do, when the database is not at the newest revision."""
    from forum.extensions import db

    with db.engine.connect() as connection:
        if schema.current(connection) != schema.head():
            raise Stop("the database is not ready; run `forum init` first")


@contextmanager
def forum_errors() -> Iterator[None]:
    """Say what the forum refuses in its own words."""
    from forum.messages import message

    try:
        yield
    except errors.Invalid as problem:
        words = [message(key, **problem.params) for key in problem.fields.values()]
        raise Stop(" ".join(words)) from problem
    except errors.NotAllowed as problem:
        raise Stop(message(problem.reason)) from problem
    except errors.NotVisible as problem:
        raise Stop("there is no such thing") from problem
    except errors.Conflict as problem:
        raise Stop("somebody else was faster; look again") from problem


def password_from_stdin() -> str:
    """Read a password from stdin, where no list of processes shows it."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Stop("no password came on stdin")
    return password


def setting(name: str) -> Any:
    """Return one setting of the running app."""
    from flask import current_app

    return current_app.config[name]
