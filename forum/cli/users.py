"""`forum user …`: people, where there is no page to do it on."""

from __future__ import annotations

import click
import sqlalchemy as sa

from forum.cli.frame import Stop, password_from_stdin, with_app
from forum.extensions import db
from forum.models import Person, PersonState, Role, Site
from forum.unit_of_work import transaction


@click.group()
def user() -> None:
    """Add people, shut them out, help them back in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--department", default="")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.MEMBER.value,
    show_default=True,
)
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@with_app
def create(
    email: str, name: str, department: str, role: str, password_stdin: bool
) -> None:
    """Add a colleague. Without a password they need a link to choose one."""
    from forum.actions.people import add_person
    from forum.cli.init import set_up
    from forum.passwords import prepare

    password = password_from_stdin() if password_stdin else ""
    with transaction(writing=False) as session:
        is_set_up = session.get(Site, 1) is not None
    if not is_set_up and role == Role.ADMIN and password:
        # The first admin of a forum that nobody has opened yet sets it up.
        set_up(name, email, password, department=department)
    else:
        prepared = prepare(password) if password else None
        with transaction():
            add_person(
                name=name,
                email=email,
                department=department,
                role=Role(role),
                password=prepared,
            )
    click.echo(f"{email} may log in as {role}.")


@user.command()
@click.argument("email")
@with_app
def deactivate(email: str) -> None:
    """Shut somebody out at once; what they wrote stays."""
    from forum.actions.standing import deactivate_person

    with transaction():
        person = person_of(email)
        deactivate_person(admin_beside(person), person)
    click.echo(f"{email} has no access any more.")


@user.command("reset-link")
@click.argument("email")
@with_app
def reset_link(email: str) -> None:
    """Print a link with which somebody may choose a new password, once."""
    from forum import notifications
    from forum.actions.resets import make_reset_link

    with transaction():
        person = person_of(email)
        reset = make_reset_link(admin_beside(person), person)
        link = notifications.reset_link(reset)
    click.echo(link)


def person_of(email: str) -> Person:
    """Return who has this address, or stop."""
    from forum.actions.access import folded_address, person_at

    person = person_at(folded_address(email))
    if person is None:
        raise Stop(f"nobody here has the address {email}")
    return person


def admin_beside(person: Person) -> Person:
    """Return an admin in whose name a command acts, somebody else if there is one."""
    admin = db.session.scalars(
        sa.select(Person)
        .where(Person.role == Role.ADMIN, Person.state == PersonState.ACTIVE)
        .order_by(Person.id == person.id, Person.id)
        .limit(1)
    ).first()
    if admin is None:
        raise Stop("the forum has no admin; add one with `forum user create`")
    return admin
