"""The web server replaces a process that was killed, and leaves none behind when it is killed itself."""

from collections.abc import Iterator

import psutil
import pytest

from service.running.preparing import prepare
from tests.services import servers

pytestmark = [pytest.mark.services, pytest.mark.slow]

ENDED_S = 5


@pytest.fixture
def parts() -> Iterator[servers.House]:
    """Give a house whose tables are made."""
    with servers.house() as parts:
        prepare(parts.settings)
        yield parts


KILLS = 3
"""Granian by itself ends at the second within 5.5 seconds."""


def test_killed_processes_are_replaced_and_a_killed_server_leaves_none(
    parts: servers.House,
) -> None:
    """However soon one is killed again, another serves; nobody holds the port of a server that is gone."""
    address = parts.web(processes=2)
    part = parts.parts[-1]

    for _kill in range(KILLS):
        servers.kill_children(part)
    servers.until(lambda: servers.status(f"{address}/healthz") == 200, "it serves again", part)

    left = psutil.Process(part.process.pid).children()
    part.process.kill()
    _ended, alive = psutil.wait_procs(left, ENDED_S)
    assert alive == []
    assert servers.status(f"{address}/healthz") == 0
