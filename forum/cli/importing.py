"""`forum import`: texts from files, folders and zips."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forum.cli.frame import with_app
from forum.cli.progress import bar


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--space", metavar="SLUG", help="Where entries without a Space go.")
@click.option("--as", "email", metavar="EMAIL", help="Who imports; default: an admin.")
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

    with bar() as progress:
        done = run_import(path, space=space, as_email=email, progress=progress)
    if report is not None:
        report.write_text(
            json.dumps(done.as_json(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    for line in done.summary():
        click.echo(line)
