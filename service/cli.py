"""The command `huiyin`; each of its commands is loaded when it is asked for, or when all are listed.

To load the house takes seconds on a busy machine: who asks for FEEL needs nothing of it, and who presses Ctrl-C
meanwhile is told «Aborted!» by click, not the trace of a module that was being loaded.
"""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "demo": "service.house_commands:demo",
    "deploy": "service.house_commands:deploy",
    "dmn": "service.commands.dmn:dmn_commands",
    "feel": "service.commands.feel:feel_command",
    "organisation": "service.house_commands:organisation",
    "prepare": "service.house_commands:prepare_command",
    "retention": "service.house_commands:retention",
    "run": "service.house_commands:run",
}
"""Where each command stands: its module and its name there."""


class LoadedWhenAsked(click.Group):
    """A group whose commands are known by name only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, for the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None: there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LoadedWhenAsked)
def main() -> None:
    """Huiyin 回音: complaint and after-sales procedures from BPMN diagrams."""
