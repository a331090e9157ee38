"""The web server replaces a process that was killed, and leaves none behind when it is killed itself."""

from collections.abc import Iterator

import psutil
import pytest

from service.preparing import prepare
from tests.services import servers

pytestmark = [pytest.mark.services, pytest.mark.slow]

ENDED_S = 5


@pytest.fixture
def parts() -> Iterator[servers.House]:
    """Give a house whose tables are made."""
    with servers.house() as parts:
        prepare(parts.settings)
        yield parts


def test_a_killed_process_is_replaced_and_a_killed_server_leaves_none(parts: servers.House) -> None:
    """A new one serves in its place; nobody holds the port of a server that is gone."""
    address = parts.web(processes=2)
    part = parts.parts[-1]
    web = psutil.Process(part.process.pid)

    killed = web.children()[0]
    killed.kill()
    servers.until(
        lambda: killed not in web.children() and len(web.children()) == 2,
        "another process takes its place",
        part,
    )
    # Whoever was killed may have been the only one that served already.
    servers.until(lambda: servers.status(f"{address}/healthz") == 200, "it serves again", part)

    left = web.children()
    part.process.kill()
    _ended, alive = psutil.wait_procs(left, ENDED_S)
    assert alive == []
    assert servers.status(f"{address}/healthz") == 0
