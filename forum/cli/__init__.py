"""The `forum` command: one file for each noun, read only when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

__all__ = ["main"]

COMMANDS = {
    "backup": "backups:backup",
    "demo": "init:demo",
    "doctor": "doctor:doctor",
    "import": "importing:import_",
    "init": "init:init",
    "restore": "backups:restore",
    "serve": "running:serve",
    "token": "tokens:token",
    "user": "users:user",
    "worker": "running:worker",
}


class Commands(click.Group):
    """A group that imports a command's file when the command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, for the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        file, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"forum.cli.{file}"), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commonplace-forum", prog_name="forum")
def main() -> None:
    """Run and look after a forum. Settings are FORUM_… variables; see the manual."""
