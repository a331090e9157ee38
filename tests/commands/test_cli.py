"""The command `huiyin` itself."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from service.cli import COMMANDS, main


def test_every_command_is_where_it_is_said_to_be() -> None:
    """Each is listed with its one line of help, under its own name."""
    listed = CliRunner().invoke(main, ["--help"])

    assert listed.exit_code == 0
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert f"  {name} " in listed.stdout


def test_an_unknown_command_is_told() -> None:
    """With the status of a wrong use."""
    result = CliRunner().invoke(main, ["fly"])

    assert (result.exit_code, "No such command 'fly'" in result.stderr) == (2, True)


@pytest.mark.slow
def test_nothing_of_the_house_is_loaded_before_a_command_is_asked_for() -> None:
    """So Ctrl-C while it loads finds click awake, and an expression is answered at once."""
    code = "import service.cli, sys; print([name for name in sys.modules if name.startswith('service.')])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "['service.cli']"
