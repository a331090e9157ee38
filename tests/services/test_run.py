"""`huiyin run`: one command brings everything up, Ctrl-C ends all of it, a second start finds the data."""

import os
import signal
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


def test_every_part_that_is_killed_is_replaced_and_none_outlives_the_command(
    parts: servers.House,
) -> None:
    """Each is told about and works again; and when the command itself is killed, all of them go."""
    command = run(parts, "killed")
    house = psutil.Process(command.process.pid)

    for _time in range(2):
        killed = house.children()
        for process in killed:
            process.kill()
        servers.until(
            lambda killed=killed: len(set(house.children()) - set(killed)) == 4,  # type: ignore[misc]
            "others take their places",
            command,
        )
    servers.until(lambda: is_ready(parts), "/readyz is 200 again", command)

    for name in ("broker", "web", "worker", "beat"):
        assert command.text().count(f"“{name}”意外退出（信号 9）") == 2
    left = house.children(recursive=True)
    command.process.kill()
    assert psutil.wait_procs(left, servers.STOP_S)[1] == []
