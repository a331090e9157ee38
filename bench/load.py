"""Load on 127.0.0.1: a number of clients, each a thread with one connection, and how long each request took."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.figures import percentile

TIMEOUT_S = 60


@dataclass(frozen=True)
class Request:
    """One request and the status that is right for it."""

    method: str
    path: str
    body: bytes | None = None
    expected: int = 200


@dataclass(frozen=True)
class Load:
    """What a run of requests took."""

    seconds: float
    lasted: Sequence[float]

    @property
    def per_second(self) -> float:
        """Requests a second, all clients together."""
        return len(self.lasted) / self.seconds

    @property
    def p95_ms(self) -> float:
        """95 in 100 requests took no longer, in milliseconds."""
        return percentile(self.lasted, 0.95) * 1000


def run(
    addresses: Sequence[str],
    requests: Sequence[Request],
    headers: Sequence[Mapping[str, str]],
    clients: int,
) -> Load:
    """Send each request once, spread over `clients`; client i uses address and headers i, going round.

    Raises:
        AssertionError: An answer had another status than expected.
    """
    together = threading.Barrier(clients + 1)
    lasted: list[list[float]] = [[] for _ in range(clients)]
    failures: list[BaseException] = []

    def client(number: int) -> None:
        try:
            send = _connected(addresses[number % len(addresses)], headers[number % len(headers)])
            together.wait()
            _send_all(send, requests[number::clients], lasted[number])
        except BaseException as error:
            failures.append(error)
            together.abort()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    began = _wait(together)
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return Load(seconds, [one for some in lasted for one in some])


Send = Callable[[Request], tuple[int, bytes]]


def _connected(address: str, headers: Mapping[str, str]) -> Send:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        str(parts.hostname), parts.port or 80, timeout=TIMEOUT_S
    )

    def send(request: Request) -> tuple[int, bytes]:
        kind = {"Content-Type": "application/json"} if request.body is not None else {}
        connection.request(request.method, request.path, request.body, {**headers, **kind})
        answer = connection.getresponse()
        return answer.status, answer.read()

    return send


def _send_all(send: Send, requests: Iterable[Request], lasted: list[float]) -> None:
    for request in requests:
        began = time.perf_counter()
        status, body = send(request)
        lasted.append(time.perf_counter() - began)
        assert status == request.expected, f"{request.path}: {status} {body[:500]!r}"


def _wait(together: threading.Barrier) -> float:
    with suppress(threading.BrokenBarrierError):
        together.wait()
    return time.perf_counter()
