"""Load on 127.0.0.1 from one thread: a number of clients, each a connection that always has one request open.

The bytes of every request are made before the clock starts, and an answer is read only as far as its
status and length. So the load itself takes little of the processors that the server is measured on; how
much, `Load.own_ms` tells.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.figures import percentile

TIMEOUT_S = 60
READ_BYTES = 1 << 16
QUOTED_BYTES = 500
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """One request and the status that is right for it."""

    method: str
    path: str
    body: bytes | None = None
    expected: int = 200

    def to_bytes(self, host: str, headers: Mapping[str, str]) -> bytes:
        """Return what goes over the wire."""
        sent = {"Host": host, **headers}
        if self.body is not None:
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(self.body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items())]
        return "\r\n".join(lines).encode() + END_OF_HEAD + (self.body or b"")


@dataclass(frozen=True)
class Load:
    """What a run of requests took.

    Attributes:
        seconds: From the first request to the last answer.
        lasted: Seconds of each request.
        own_seconds: Processor time of the load itself.
    """

    seconds: float
    lasted: Sequence[float]
    own_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests a second, all clients together."""
        return len(self.lasted) / self.seconds

    @property
    def p50_ms(self) -> float:
        """Half of the requests took no longer, in milliseconds."""
        return percentile(self.lasted, 0.5) * 1000

    @property
    def p95_ms(self) -> float:
        """95 in 100 requests took no longer, in milliseconds."""
        return percentile(self.lasted, 0.95) * 1000

    @property
    def own_ms(self) -> float:
        """Processor time that the load took for a request, in milliseconds."""
        return self.own_seconds / len(self.lasted) * 1000

    def __add__(self, other: "Load") -> "Load":
        """Return two runs, one after the other, as one."""
        return Load(
            self.seconds + other.seconds,
            [*self.lasted, *other.lasted],
            self.own_seconds + other.own_seconds,
        )


@dataclass
class _Client:
    """A connection and the requests that it has still to send."""

    address: tuple[str, int]
    waiting: deque[tuple[Request, bytes]]
    lasted: list[float] = field(default_factory=list)
    is_sent_away: bool = False
    """Whether the server has ended the connection with its last answer."""

    def connect(self) -> None:
        """Open the connection."""
        self.is_sent_away = False
        self.connection = socket.create_connection(self.address, TIMEOUT_S)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, began: float) -> None:
        """Send the next request, which counts from a moment on."""
        self.request, sent = self.waiting.popleft()
        self.received = b""
        self.began = began
        self.connection.sendall(sent)

    def take(self) -> bool:
        """Read what has come; return whether the answer is complete.

        Raises:
            AssertionError: It has another status than expected, or the server hung up.
        """
        more = self.connection.recv(READ_BYTES)
        assert more, f"{self.request.path}: the server hung up after {self.received[:200]!r}"
        self.received += more
        head, found, body = self.received.partition(END_OF_HEAD)
        if not found or len(body) < _length(head):
            return False
        self.is_sent_away = _value(head, b"connection").lower() == b"close"
        self.lasted.append(time.perf_counter() - self.began)
        status = int(head[9:12])
        assert status == self.request.expected, (
            f"{self.request.path}: {status} {body[:QUOTED_BYTES]!r}"
        )
        return True


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
    shares = [(headers[n % len(headers)], requests[n::clients]) for n in range(clients)]
    return run_shares(addresses, shares)


def run_shares(
    addresses: Sequence[str], shares: Sequence[tuple[Mapping[str, str], Sequence[Request]]]
) -> Load:
    """Send the requests of each share by a client of its own, with the headers of the share.

    Raises:
        AssertionError: An answer had another status than expected, or none came in time.
    """
    clients = []
    for number, (headers, requests) in enumerate(shares):
        if not requests:
            continue
        parts = urlsplit(addresses[number % len(addresses)])
        sent = deque((one, one.to_bytes(parts.netloc, headers)) for one in requests)
        clients.append(_Client((str(parts.hostname), parts.port or 80), sent))
    with selectors.DefaultSelector() as selector:
        for client in clients:
            client.connect()
            selector.register(client.connection, selectors.EVENT_READ, client)
        own = time.process_time()
        began = time.perf_counter()
        _send_all(selector, clients)
        seconds = time.perf_counter() - began
        own = time.process_time() - own
    for client in clients:
        client.connection.close()
    return Load(seconds, [lasted for client in clients for lasted in client.lasted], own)


def _send_all(selector: selectors.BaseSelector, clients: Sequence[_Client]) -> None:
    working = len(clients)
    for client in clients:
        client.send(time.perf_counter())
    while working:
        for client in _ready(selector):
            if not client.take():
                continue
            began = time.perf_counter()
            if client.is_sent_away or not client.waiting:
                selector.unregister(client.connection)
            if not client.waiting:
                working -= 1
                continue
            if client.is_sent_away:
                client.connection.close()
                client.connect()
                selector.register(client.connection, selectors.EVENT_READ, client)
            client.send(began)


def _ready(selector: selectors.BaseSelector) -> Iterator[_Client]:
    events = selector.select(TIMEOUT_S)
    assert events, f"no answer within {TIMEOUT_S} s"
    return (key.data for key, _events in events)


def _length(head: bytes) -> int:
    """Return the length of the body that a head announces; none: no body."""
    return int(_value(head, b"content-length") or 0)


def _value(head: bytes, sought: bytes) -> bytes:
    """Return the value of a header, in lower case named; empty: there is none."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == sought:
            return value.strip()
    return b""
