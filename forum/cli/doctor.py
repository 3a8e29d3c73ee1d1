"""`forum doctor`: what is wrong, and what can be mended."""

from __future__ import annotations

import click
from flask import current_app

from forum.cli.frame import make_app, one_line_errors

MARKS = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}


@click.command()
@click.option("--repair", is_flag=True, help="Put wrong counters right.")
@click.pass_context
def doctor(context: click.Context, repair: bool) -> None:
    """Look at everything the forum needs; exit code 1 when something is wrong."""
    from forum.doctor import examine

    with one_line_errors(), make_app().app_context():
        findings = examine(current_app.config, repair=repair)
    for finding in findings:
        click.echo(f"{MARKS[finding.grade]}  {finding.words}")
    context.exit(1 if any(f.grade == "problem" for f in findings) else 0)
