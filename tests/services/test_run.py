"""`huiyin run`: one command brings everything up, Ctrl-C ends all of it, a second start finds the data."""

import os
import signal
import socket
from collections.abc import Iterator

import psutil
import pytest
from sqlalchemy import select

from service.bootstrap import build
from service.persistence.tables import house as tables
from tests.services import servers
from tests.services.browser import Visitor
from tests.services.feedback import PROBLEM

pytestmark = [pytest.mark.services, pytest.mark.slow]

COMMAND = ("-c", "from service.cli import main; main()", "run")
PASSWORD = "huiyin-demo"


@pytest.fixture
def parts() -> Iterator[servers.House]:
    """Give a data folder and a free port."""
    with servers.house(demo="1", port=str(servers.free_port())) as made:
        yield made


def address(parts: servers.House) -> str:
    """Return where the house is to serve."""
    return f"http://127.0.0.1:{parts.settings.port}"


def run(parts: servers.House, name: str) -> servers.Part:
    """Run the command and wait until everything is up."""
    command = parts.start(name, *COMMAND)
    ready = f"{address(parts)}/readyz"
    servers.until(lambda: servers.status(ready) == 200, "/readyz is 200", command)
    return command


def press_ctrl_c(command: servers.Part) -> list[psutil.Process]:
    """Send SIGINT to the foreground group, as a terminal does, and return what still runs afterwards."""
    family = psutil.Process(command.process.pid).children(recursive=True)
    os.killpg(command.process.pid, signal.SIGINT)
    command.process.wait(servers.STOP_S)
    return [process for process in family if process.is_running()]


def test_a_second_start_finds_the_data_of_the_first(parts: servers.House) -> None:
    """It serves, says how to sign in, leaves no process and no sign of life, and begins where it ended."""
    first = run(parts, "first")
    task_key = Visitor(address(parts), "wangfang", PASSWORD).start("customer_feedback", PROBLEM)
    left_by_first = press_ctrl_c(first)

    second = run(parts, "second")
    listed = Visitor(address(parts), "lijing", PASSWORD).tasks()
    left_by_second = press_ctrl_c(second)

    assert (left_by_first, left_by_second) == ([], [])
    assert (first.process.returncode, second.process.returncode) == (0, 0)
    assert address(parts) in first.text()
    assert "Traceback" not in first.text() + second.text()
    assert task_key in listed
    with build(parts.settings).house.database.reading() as connection:
        assert connection.execute(select(tables.heartbeats)).all() == []


def test_a_taken_port_is_said_and_nothing_is_started(parts: servers.House) -> None:
    """One sentence names the setting; there is no half-started house."""
    with socket.create_server(("127.0.0.1", parts.settings.port)):
        command = parts.start("taken", *COMMAND)
        status = command.process.wait(servers.START_S)

    assert status == 2
    assert "HUIYIN_PORT" in command.text()
    assert "Traceback" not in command.text()


def test_a_data_folder_in_use_is_said(parts: servers.House) -> None:
    """A broker that runs in the folder belongs to another `make run`."""
    with servers.valkey(parts.settings.data / "broker"):
        command = parts.start("second", *COMMAND)
        status = command.process.wait(servers.START_S)

    assert status == 2
    assert "HUIYIN_DATA" in command.text()
    assert "Traceback" not in command.text()
