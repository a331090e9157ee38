"""A web server whose processes are replaced however often they are killed.

Granian by itself ends with all its processes when one of them ends twice within seconds, and so does
`huiyin run`. Here the place of a process is always taken again, at once at first, later and later where its
processes end soon after they began. Only a server none of whose processes ever came to serve gives up.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from granian.server.mp import MPServer

log = logging.getLogger(__name__)

STEADY_S = 10.0
"""A process that lives so long has begun well: what ended it has nothing to do with its start."""

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
"""How long a place is empty at most; as long as that, people wait for a page that they know is coming."""

GIVES_UP_AFTER = 3
"""Processes in a row that end themselves while they start, before any has served, that end the server."""

LOOK_EVERY_S = 1.0
"""How soon an ended process is seen whose message was lost."""


@dataclass
class Place:
    """Where one process of the server is, one after another.

    Attributes:
        short_lives: How many processes in a row ended soon after they began.
        failed_starts: How many of them in a row ended themselves, and were not killed.
        due_at: When the next one is to begin, in seconds of the monotonic clock; None: one is there.
    """

    short_lives: int = 0
    failed_starts: int = 0
    due_at: float | None = None

    def ended(self, lived_s: float, status: int, now: float) -> float:
        """Note that the process ended, with a status below zero where a signal did it; return the pause."""
        is_short = lived_s < STEADY_S
        self.short_lives = self.short_lives + 1 if is_short else 0
        self.failed_starts = self.failed_starts + 1 if is_short and status > 0 else 0
        pause_s = pause_after(self.short_lives)
        self.due_at = now + pause_s
        return pause_s


def pause_after(short_lives: int) -> float:
    """Return how many seconds a place stays empty after so many short lives in a row."""
    if short_lives < 2:
        return 0.0
    return min(FIRST_PAUSE_S * 2.0 ** min(short_lives - 2, 16), LONGEST_PAUSE_S)


class _Ended(Protocol):
    """A worker of Granian's that has ended."""

    birth: float
    inner: Any


@dataclass
class Places:
    """The places of all processes of a server."""

    by_number: dict[int, Place] = field(default_factory=dict)
    has_served: bool = False

    def ended(self, number: int, worker: _Ended, now: float) -> None:
        """Note that a process ended."""
        lived_s, status = now - worker.birth, worker.inner.exitcode or 0
        self.has_served = self.has_served or lived_s >= STEADY_S
        pause_s = self.by_number.setdefault(number, Place()).ended(lived_s, status, now)
        log.warning(
            "Web process %d ended (status %d) after %.0f s; another starts in %.1f s.",
            *(number + 1, status, lived_s, pause_s),
        )

    def due(self, now: float) -> list[int]:
        """Return the places where a process is to begin now."""
        return [
            number
            for number, place in self.by_number.items()
            if place.due_at is not None and place.due_at <= now
        ]

    def wait_s(self, now: float) -> float:
        """Return for how long nothing is to be done."""
        due = (place.due_at - now for place in self.by_number.values() if place.due_at is not None)
        return max(0.0, min([LOOK_EVERY_S, *due]))

    @property
    def are_hopeless(self) -> bool:
        """Whether processes cannot even start, and none ever did."""
        failed = (place.failed_starts for place in self.by_number.values())
        return not self.has_served and max(failed, default=0) >= GIVES_UP_AFTER


class LastingServer(MPServer):
    """Granian's server, with another answer to a process that ended.

    Its loop is replaced, not its settings: none of them leaves out the end of all. Of what is Granian's
    own it uses what its loop uses (`granian/server/common.py`, 2.8), held by `tests/services/test_serving.py`.
    """

    def _serve_loop(
        self, spawn_target: Callable[..., None], target_loader: Callable[..., Any]
    ) -> None:
        places = Places()
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(places.wait_s(time.monotonic()))
            self.main_loop_interrupt.clear()
            ended = list(self.interrupt_children)
            for number in ended:
                self.interrupt_children.remove(number)
                places.ended(number, self.wrks[number], time.monotonic())
            if places.are_hopeless:
                self.interrupt_children.extend(ended)  # by which Granian knows to end with status 1
                return
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
                places = Places(has_served=places.has_served)
            for number in places.due(time.monotonic()):
                self._respawn_workers([number], spawn_target, target_loader)
                places.by_number[number].due_at = None
