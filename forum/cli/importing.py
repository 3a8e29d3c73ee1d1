"""`forum import`: texts from files, folders and zips."""

from __future__ import annotations

from pathlib import Path

import click

from forum.cli.frame import Stop, with_app
from forum.cli.progress import bar
from forum.errors import Invalid
from forum.models import Person


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--space", metavar="SLUG", help="Which Space takes them; default: Imported."
)
@click.option(
    "--as", "email", metavar="EMAIL", help="Who imports; default: the oldest admin."
)
@click.option(
    "--report",
    metavar="FILE.json",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what came of every file.",
)
@with_app
def import_(
    path: Path, space: str | None, email: str | None, report: Path | None
) -> None:
    """Import JSON Lines, or a folder or zip of Markdown. Twice changes nothing."""
    from forum.importing.run import run_import

    importer = who_has(email) if email else None
    with bar() as show:
        done = run_import(
            path,
            space_slug=space,
            importer=importer,
            report=report,
            progress=lambda count, total: show("import", count, total),
        )
    for line in done.summary():
        click.echo(line)
    if done.read_nothing:
        raise Stop("nothing there could be read as an entry")


def who_has(email: str) -> Person:
    """Return the colleague of that address; a refusal when nobody active has it."""
    from forum.actions.access import folded_address, person_at

    person = person_at(folded_address(email))
    if person is None or not person.is_active:
        raise Invalid({"as": "import.nobody"}, email=email)
    return person
