"""Keeps the processes of the web server evenly busy.

A client falls on one of them by chance and stays there while its connection is open. Of eight clients that
keep theirs open, six or more fall on the same one in every third case: it has no time for them, and the
other one none to do. So each process tells, in memory that all share, how many requests it has; one that
has clearly more than another says with an answer that the connection ends, and the client comes anew.

Source: RFC 9112 §9.6, the option `close` of the header `Connection`.
"""

import ctypes
import multiprocessing
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from service.api.waiting import WAITS
from service.running.short_answers import WsgiApp

TOO_MANY = 1.8
"""Requests more than the least busy process has that make one send a client away: moving him evens it out."""

INERTIA = 8
"""Requests over which a process takes the mean of its own: a moment's crowd is none."""

NOBODY = 0
"""Stands for a process's id where a place was never taken."""

LOCKED_S = 5.0
"""How long a process that begins waits for another that begins; then it is not counted."""


class Shared:
    """How many requests each process has; made before the server forks, seen by all.

    Nobody waits for anybody to read or write a number: one that is a moment old is as good.
    """

    def __init__(self, processes: int) -> None:
        """Make room for so many processes."""
        self._lock = multiprocessing.get_context("fork").Lock()
        self._pids = multiprocessing.RawArray(ctypes.c_int, processes)
        self._requests = multiprocessing.RawArray(ctypes.c_int, processes)

    def join(self) -> int | None:
        """Take the place of a process that is not there (any more); None: there is none."""
        if not self._lock.acquire(timeout=LOCKED_S):
            return None
        try:
            for place, pid in enumerate(self._pids):
                if pid == NOBODY or not _is_alive(pid):
                    self._pids[place], self._requests[place] = os.getpid(), 0
                    return place
            return None
        finally:
            self._lock.release()

    def tell(self, place: int, requests: int) -> None:
        """Say how many requests the process has that took this place."""
        self._requests[place] = requests

    def least(self, place: int) -> int | None:
        """Return how many the least busy of the other processes has; None: there is no other."""
        others = (
            requests
            for other, (pid, requests) in enumerate(zip(self._pids, self._requests, strict=True))
            if other != place and pid != NOBODY
        )
        return min(others, default=None)


class EvenLoad:
    """The application of one process, which sends clients to the others when it has too many."""

    def __init__(self, app: WsgiApp, shared: Shared, place: int | None) -> None:
        """Take the application and the place of this process (`Shared.join`)."""
        self._app = app
        self._shared = shared
        self._place = place
        self._lock = threading.Lock()
        self._requests = 0
        self._mean = 0.0

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if self._has_too_many():
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *more)

        environ[WAITS] = self._uncounted
        self._count(1)
        try:
            return self._app(environ, start)
        finally:
            self._count(-1)

    @contextmanager
    def _uncounted(self) -> Iterator[None]:
        """Do not count a request as long as it only waits for something to happen."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def _count(self, more: int) -> None:
        with self._lock:
            if more < 0:
                self._mean += (self._requests - self._mean) / INERTIA
            self._requests += more
            if self._place is not None:
                self._shared.tell(self._place, self._requests)

    def _has_too_many(self) -> bool:
        if self._place is None:
            return False
        least = self._shared.least(self._place)
        if least is None or min(self._mean, self._requests) - least < TOO_MANY:
            return False
        # Counted as gone already: otherwise all would be sent away before the first has gone.
        self._mean -= 1
        return True


def processor_of(place: int | None, processes: int, available: Collection[int]) -> int | None:
    """Return the processor on which a process shall stay; None: wherever there is room.

    Each has its own where there is a process for every one. What it knows is in that processor's cache then,
    and never do two of them share one while the other serves the database. Where there are fewer processes,
    the system finds room for them by itself.
    """
    if place is None or len(available) < 2 or processes < len(available):
        return None
    return sorted(available)[place % len(available)]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
