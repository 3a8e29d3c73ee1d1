"""`forum token …`: how programs get in."""

from __future__ import annotations

import click

from forum.cli.frame import with_app
from forum.cli.users import person_of
from forum.unit_of_work import transaction


@click.group()
def token() -> None:
    """Tokens with which programs act for a person."""


@token.command()
@click.argument("email")
@click.option(
    "--scopes", default="read", show_default=True, help="read, write or both."
)
@click.option("--days", default=90, show_default=True, help="How long it works.")
@click.option("--name", default="command line", show_default=True)
@with_app
def create(email: str, scopes: str, days: int, name: str) -> None:
    """Print a new token, and nothing else. It is shown this once."""
    from forum.actions.tokens import create_token

    wanted = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    with transaction():
        plain = create_token(person_of(email), scopes=wanted, days=days, name=name)
    click.echo(plain)
