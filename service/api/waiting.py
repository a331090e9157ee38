"""Requests that wait: several looks with growing pauses, and no more waiters than the process can bear."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from flask import has_request_context, request

from service.domain.errors import OverloadedError

T = TypeVar("T")

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0
LONGEST_WAIT_S = 60.0
"""Nobody waits longer than this, whatever he asks for; he gets the answer of nothing found."""

MOST_WAITERS = 8
"""Requests of one process that may wait at once: fewer than its threads, so that others are served."""


WAITS = "huiyin.waits"
"""In the WSGI environment, where the server counts what is worked on: gives a context in which the request
counts as one that only waits."""


class Waiting:
    """Lets a bounded number of requests wait. While one sleeps it holds no connection and no lock."""

    def __init__(self, most: int = MOST_WAITERS) -> None:
        """Let at most `most` requests wait at once."""
        self._places = threading.BoundedSemaphore(most)

    def until(self, look: Callable[[], T | None], longest_s: float) -> T | None:
        """Return what `look` finds, looking again until the time is over; None when it found nothing.

        Args:
            look: One look at the database that opens and closes its own transaction.
            longest_s: How long to wait; not above zero: one look only.

        Raises:
            OverloadedError: Nothing was found at once, and too many wait already.
        """
        found = look()
        if found is not None or longest_s <= 0:
            return found
        if not self._places.acquire(blocking=False):
            raise OverloadedError("Expected to wait, but too many requests wait already.")
        try:
            with _uncounted():
                return self._wait(look, min(longest_s, LONGEST_WAIT_S))
        finally:
            self._places.release()

    def _wait(self, look: Callable[[], T | None], longest_s: float) -> T | None:
        end = time.monotonic() + longest_s
        pause = FIRST_PAUSE_S
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            found = look()
            if found is not None:
                return found
            pause = min(pause * 2, LONGEST_PAUSE_S)
        return None


def _uncounted() -> AbstractContextManager[None]:
    if not has_request_context():
        return nullcontext()
    context: AbstractContextManager[None] = request.environ.get(WAITS, nullcontext)()
    return context
