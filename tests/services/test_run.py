"""`huiyin run`: one command brings everything up, Ctrl-C ends all of it, a second start finds the data."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Ended:
    """A house that was started, worked in and ended by Ctrl-C.

    Attributes:
        task_key: Of the task that somebody began.
        left: Processes that are still there.
    """

    parts: servers.House
    command: servers.Part
    task_key: int
    left: list[psutil.Process]


@pytest.fixture(scope="module")
def ended() -> Iterator[Ended]:
    """Give a data folder, a free port, and what was done there first."""
    with servers.house(demo="1", port=str(servers.free_port())) as parts:
        command = run(parts, "first")
        visitor = Visitor(address(parts), "wangfang", PASSWORD)
        task_key = visitor.start("customer_feedback", PROBLEM)
        yield Ended(parts, command, task_key, press_ctrl_c(command))


def address(parts: servers.House) -> str:
    """Return where the house is to serve."""
    return f"http://127.0.0.1:{parts.settings.port}"


def run(parts: servers.House, name: str) -> servers.Part:
    """Run the command and wait until everything is up."""
    command = parts.start(name, *COMMAND)
    servers.until(lambda: is_ready(parts), "/readyz is 200", command)
    return command


def is_ready(parts: servers.House) -> bool:
    """Return whether database, broker and worker are there."""
    return servers.status(f"{address(parts)}/readyz") == 200


def press_ctrl_c(command: servers.Part) -> list[psutil.Process]:
    """Send SIGINT to the foreground group, as a terminal does, and return what still runs afterwards."""
    family = psutil.Process(command.process.pid).children(recursive=True)
    os.killpg(command.process.pid, signal.SIGINT)
    command.process.wait(servers.STOP_S)
    return [process for process in family if process.is_running()]


def test_one_command_starts_everything_and_ctrl_c_ends_all_of_it(ended: Ended) -> None:
    """It serves, says how to sign in, and leaves no process and no sign of life."""
    assert ended.left == []
    assert ended.command.process.poll() == 0
    assert address(ended.parts) in ended.command.text()
    assert "Traceback" not in ended.command.text()
    with build(ended.parts.settings).house.database.reading() as connection:
        assert connection.execute(select(tables.heartbeats)).all() == []


def test_a_second_start_finds_the_data_and_replaces_every_part_that_is_killed(
    ended: Ended,
) -> None:
    """Each is told about and works again; and when the command itself is killed, all of them go."""
    command = run(ended.parts, "second")
    house = psutil.Process(command.process.pid)
    listed = Visitor(address(ended.parts), "lijing", PASSWORD).tasks()
    assert ended.task_key in listed

    for _time in range(2):
        servers.kill_children(command)
    servers.until(lambda: is_ready(ended.parts), "/readyz is 200 again", command)
    for name in ("broker", "web", "worker", "beat"):
        assert command.text().count(f"“{name}”意外退出（信号 9）") == 2

    left = house.children(recursive=True)
    command.process.kill()
    assert psutil.wait_procs(left, servers.STOP_S)[1] == []
