"""The `forum` command: one file for each noun."""

from __future__ import annotations

import click

from forum.cli import backups, doctor, importing, init, running, tokens, users

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commonplace-forum", prog_name="forum")
def main() -> None:
    """Run and look after a forum. Settings are FORUM_… variables; see the manual."""


for command in (
    init.init,
    init.demo,
    running.serve,
    running.worker,
    users.user,
    tokens.token,
    importing.import_,
    backups.backup,
    backups.restore,
    doctor.doctor,
):
    main.add_command(command)
