"""Lets in as many requests at once as the process can work on, keeps some waiting, and refuses the rest.

A queue without an end makes everybody wait for answers that nobody waits for any more. So the web server
has more threads than requests that are worked on: some wait here for their turn, and a few are free to tell
those who come in vain to come again.

Only a few short requests are worked on at the same time: one of them computes, and more would only take
turns with it, so that some are done much later than others. Who turns out to take long, waits for something
or makes a large page, holds nobody up: another one begins beside him (docs/decisions/0037).
"""

import threading
import time
from collections import deque
from itertools import count

from flask import Flask, g, request

from service import slow_bodies
from service.domain.errors import OverloadedError

SPARE_THREADS = 4
"""Threads beyond those that work or wait: they refuse."""

PATIENCE_S = 10.0
"""How long a request waits for its turn."""

RETRY_AFTER_S = 2

SHORT_AT_ONCE = 2
"""Short requests that are worked on at once: while one waits for the database, the other computes."""

SHORT_S = 0.1
"""A request that has been worked on for so long is none of the short ones any more."""

ALWAYS = frozenset({"/healthz", "/readyz"})
"""Addresses that are answered however much is to do: who looks after the server must know."""


class Admission:
    """Places to work at, and places to wait at; who has waited longest comes in first."""

    def __init__(
        self,
        working: int,
        waiting: int,
        patience_s: float = PATIENCE_S,
        short_at_once: int = SHORT_AT_ONCE,
    ) -> None:
        """Let `working` requests work and `waiting` more wait, each for at most `patience_s`.

        Args:
            short_at_once: So many of those that work may have begun within the last `SHORT_S`.
        """
        self._lock = threading.Lock()
        self._working = working
        self._waiting = waiting
        self._patience_s = patience_s
        self._short_at_once = short_at_once
        self._visits = count()
        self._at_work: dict[int, float] = {}
        """When each visit began."""
        self._queue: deque[_Waiter] = deque()

    def enter(self) -> int:
        """Take a place to work at, now or after having waited for it; return the number of this visit.

        Raises:
            OverloadedError: Too many wait already, or it took too long.
        """
        came = time.monotonic()
        with self._lock:
            if not self._queue and self._has_room(came):
                return self._begin(came)
            if len(self._at_work) + len(self._queue) >= self._working + self._waiting:
                raise _overloaded("too many requests wait already")
            waiter = _Waiter()
            self._queue.append(waiter)
        return self._await_turn(waiter, came)

    def leave(self, visit: int) -> None:
        """Give the place of a visit back."""
        with self._lock:
            del self._at_work[visit]
            self._call_in(time.monotonic())

    def _await_turn(self, waiter: "_Waiter", came: float) -> int:
        left_s = self._patience_s
        while True:
            visit = waiter.visit_within(min(SHORT_S, left_s))
            if visit is not None:
                return visit
            now = time.monotonic()
            left_s = max(0.0, came + self._patience_s - now)
            with self._lock:
                self._call_in(now)
                if not left_s and waiter in self._queue:
                    self._queue.remove(waiter)
                    raise _overloaded(f"its turn did not come within {self._patience_s:g} s")

    def _call_in(self, now: float) -> None:
        """Let in those who have waited longest, as long as there is room."""
        while self._queue and self._has_room(now):
            self._queue.popleft().call_in(self._begin(now))

    def _has_room(self, now: float) -> bool:
        if len(self._at_work) >= self._working:
            return False
        short = sum(now - began < SHORT_S for began in self._at_work.values())
        return short < self._short_at_once

    def _begin(self, now: float) -> int:
        visit = next(self._visits)
        self._at_work[visit] = now
        return visit


class _Waiter:
    """Somebody who waits for his turn."""

    def __init__(self) -> None:
        self._visit: int | None = None
        self._is_called = threading.Event()

    def call_in(self, visit: int) -> None:
        """Tell him that his visit begins."""
        self._visit = visit
        self._is_called.set()

    def visit_within(self, seconds: float) -> int | None:
        """Wait until he is called in; None: he is not within so many seconds."""
        self._is_called.wait(seconds)
        return self._visit


class _Visit:
    """The place of one request, which it gives back while its body comes in."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._number: int | None = None
        self._is_over = False

    def begin(self) -> None:
        """Take a place, unless there is one; who only hears out what he has refused takes none."""
        if self._number is None and not self._is_over:
            self._number = self._admission.enter()

    def step_aside(self) -> None:
        """Give the place back for a while."""
        number, self._number = self._number, None
        if number is not None:
            self._admission.leave(number)

    def end(self) -> None:
        """Give the place back."""
        self.step_aside()
        self._is_over = True


def install(app: Flask, admission: Admission) -> None:
    """Ask admission for every request to the application, before anything else is done for it."""

    def enter() -> None:
        if request.path in ALWAYS:
            return
        visit = _Visit(admission)
        slow_bodies.hear(request.environ, request.content_length, visit.step_aside, visit.begin)
        visit.begin()
        g.visit = visit

    def leave(_error: BaseException | None) -> None:
        visit: _Visit | None = g.pop("visit", None)
        if visit is not None:
            visit.end()

    app.before_request(enter)
    app.teardown_request(leave)


def _overloaded(why: str) -> OverloadedError:
    return OverloadedError(f"Expected to serve the request, but {why}.", RETRY_AFTER_S)
