"""`forum init` and `forum demo`: from nothing to a forum."""

from __future__ import annotations

import click

from forum import schema
from forum.cli.frame import (
    Stop,
    forum_errors,
    make_app,
    one_line_errors,
    password_from_stdin,
)
from forum.extensions import db
from forum.unit_of_work import transaction


@click.command()
@click.option("--name", help="Your name: the first admin's.")
@click.option("--email", help="Your mail address.")
@click.option("--password-stdin", is_flag=True, help="Read your password from stdin.")
@click.option("--site-name", default="Commonplace", show_default=True)
@click.option("--headcount", default=50, show_default=True, help="Colleagues, roughly.")
@click.option("--department", default="")
@click.option("--space", default="", help="Name of the first Space.")
def init(
    name: str | None,
    email: str | None,
    password_stdin: bool,
    site_name: str,
    headcount: int,
    department: str,
    space: str,
) -> None:
    """Make the data folder and bring the database to the newest schema.

    With --name, --email and --password-stdin it sets the forum up as well; otherwise
    the first visitor does that in the browser.
    """
    wanted = (name, email, password_stdin or None)
    if any(wanted) and not all(wanted):
        raise Stop("--name, --email and --password-stdin belong together")
    password = password_from_stdin() if password_stdin else ""
    with one_line_errors(), make_app().app_context():
        bring_to_head()
        click.echo("The database is ready.")
        if name and email:
            with forum_errors():
                set_up(name, email, password, site_name, headcount, department, space)
            click.echo(f"{site_name} is set up; {email} may log in.")


def bring_to_head() -> None:
    """Upgrade the schema in one transaction; nothing happens when it is current."""
    with db.engine.connect() as connection:
        revision = schema.current(connection)
    if revision is not None and not schema.is_known(revision):
        raise Stop("the database belongs to a newer version of the forum")
    with db.engine.begin() as connection:
        schema.upgrade(connection)


def set_up(
    name: str,
    email: str,
    password: str,
    site_name: str = "Commonplace",
    headcount: int = 50,
    department: str = "",
    space: str = "",
) -> None:
    """Set the forum up as the page does; the first admin is who is named here."""
    from forum.actions.site import set_up_site
    from forum.passwords import prepare

    prepared = prepare(password)
    with transaction():
        set_up_site(
            site_name=site_name,
            headcount=headcount,
            name=name,
            email=email,
            password=prepared,
            department=department,
            space_name=space,
        )


@click.command()
def demo() -> None:
    """Fill an empty forum with the demo story: colleagues, Spaces, entries."""
    from forum.seeds import tell_story

    with one_line_errors(), make_app().app_context():
        bring_to_head()
        with forum_errors():
            new = tell_story()
        told = "The demo story is told." if new else "The demo story is here already."
        click.echo(f"{told} Start it with: FORUM_DEMO=yes forum serve")
