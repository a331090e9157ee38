"""Lets in as many requests at once as the process can work on, keeps some waiting, and refuses the rest.

A queue without an end makes everybody wait for answers that nobody waits for any more. So the web server
has more threads than requests that are worked on: some wait here for their turn, and a few are free to tell
those who come in vain to come again.
"""

import threading

from flask import Flask, g, request

from service.domain.errors import OverloadedError

SPARE_THREADS = 4
"""Threads beyond those that work or wait: they refuse."""

PATIENCE_S = 10.0
"""How long a request waits for its turn."""

RETRY_AFTER_S = 2

ALWAYS = frozenset({"/healthz", "/readyz"})
"""Addresses that are answered however much is to do: who looks after the server must know."""


class Admission:
    """Places to work at, and places to wait at."""

    def __init__(self, working: int, waiting: int, patience_s: float = PATIENCE_S) -> None:
        """Let `working` requests work and `waiting` more wait, each for at most `patience_s`."""
        self._working = threading.Semaphore(working)
        self._waiting = threading.Semaphore(waiting)
        self._patience_s = patience_s

    def enter(self) -> None:
        """Take a place to work at, now or after having waited for it.

        Raises:
            OverloadedError: Too many wait already, or it took too long.
        """
        if self._working.acquire(blocking=False):
            return
        if not self._waiting.acquire(blocking=False):
            raise _overloaded("too many requests wait already")
        try:
            if not self._working.acquire(timeout=self._patience_s):
                raise _overloaded(f"its turn did not come within {self._patience_s:g} s")
        finally:
            self._waiting.release()

    def leave(self) -> None:
        """Give the place back."""
        self._working.release()


def install(app: Flask, admission: Admission) -> None:
    """Ask admission for every request to the application, before anything else is done for it."""

    def enter() -> None:
        if request.path not in ALWAYS:
            admission.enter()
            g.is_admitted = True

    def leave(_error: BaseException | None) -> None:
        if g.pop("is_admitted", False):
            admission.leave()

    app.before_request(enter)
    app.teardown_request(leave)


def _overloaded(why: str) -> OverloadedError:
    return OverloadedError(f"Expected to serve the request, but {why}.", RETRY_AFTER_S)
