"""Connections go to the web processes in fair shares, so that each computes with a processor of its own."""

import http.client
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import psutil
import pytest

from service.preparing import prepare
from tests.services import servers

pytestmark = [pytest.mark.services, pytest.mark.slow]

CLIENTS = 8
GONE_S = 0.1
"""By then the processes have noticed that their clients are gone."""

ROUNDS = 3
TIMES = 8
FAIR = 3.5
"""Connections that the process with fewer must have of eight, on an average; by chance it has 2.9."""


def test_clients_that_keep_their_connections_are_shared_out() -> None:
    """Of eight that come at once each process has about half; also after one was killed and replaced."""
    with servers.house() as parts:
        prepare(parts.settings)
        address = parts.web(processes=2)
        web = psutil.Process(parts.parts[-1].process.pid)
        servers.until(lambda: all(shares(address, web)), "both processes serve", parts.parts[-1])
        assert smaller_share(address, web) >= FAIR

        killed = web.children()[0]
        killed.kill()
        servers.until(
            lambda: killed not in web.children() and len(web.children()) == 2,
            "another process takes its place",
            parts.parts[-1],
        )
        servers.until(lambda: all(shares(address, web)), "both processes serve", parts.parts[-1])
        assert smaller_share(address, web) >= FAIR


def smaller_share(address: str, web: psutil.Process) -> float:
    """Return how many of eight clients the process with fewer has, on an average."""
    return sum(shares(address, web)[0] for _time in range(TIMES)) / TIMES


def shares(address: str, web: psutil.Process) -> list[int]:
    """Return how many of eight clients each process has, fewer first, after all were served some times."""
    host = urlsplit(address)
    assert host.hostname is not None
    with ExitStack() as kept:
        clients = [
            kept.enter_context(closing(http.client.HTTPConnection(host.hostname, host.port)))
            for _client in range(CLIENTS)
        ]
        for client in clients:
            client.connect()
        for _round in range(ROUNDS):
            for client in clients:
                client.request("GET", "/healthz")
                answer = client.getresponse()
                answer.read()
                assert answer.status == 200
        found = sorted(_connections(child, host.port) for child in web.children())
    time.sleep(GONE_S)
    return found


def _connections(process: psutil.Process, port: int | None) -> int:
    return sum(
        one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port
        for one in process.net_connections("tcp")
    )
