"""`forum backup` and `forum restore`."""

from __future__ import annotations

from pathlib import Path

import click

from forum import backups, clock
from forum.cli.frame import make_app, one_line_errors, require_current_schema, setting
from forum.cli.progress import bar
from forum.extensions import db
from forum.restoring import restore_backup


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(file: Path | None) -> None:
    """Write everything into one FILE (zip) while the forum runs.

    The file holds the secret and all words: keep it as safe as the forum itself.
    """
    with one_line_errors(), make_app().app_context():
        require_current_schema()
        target = file or Path(f"commonplace-{clock.now():%Y-%m-%d-%H%M%S}.zip")
        with bar() as progress:
            done = backups.write_backup(
                db.engine, setting("FORUM_DATA"), target, progress=progress
            )
    click.echo(f"{target}: {done.rows} rows, {done.files} files")
    if done.missing:
        click.echo(f"forum: {len(done.missing)} files were missing already", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
def restore(file: Path, force: bool) -> None:
    """Load a backup, of SQLite or PostgreSQL, into this forum's database.

    Start the forum anew afterwards: the secret may be another one.
    """
    with one_line_errors(), make_app().app_context(), bar() as progress:
        done = restore_backup(
            file, db.engine, setting("FORUM_DATA"), force=force, progress=progress
        )
    click.echo(f"Restored {done.rows} rows and {done.files} files from {file}.")
    if done.missing:
        click.echo(f"forum: {len(done.missing)} files are not in it", err=True)
