"""A gunicorn worker that leaves a new connection to a process that has fewer of them.

All web processes are told of a new connection at once and whoever runs first takes it, so of eight clients
that keep their connections six often land in one process, which then computes with one processor what two
could. Each process writes how many connections it has where the others see it, and passes when another has
fewer; when nobody else comes it takes the connection after all.
"""

import socket
import time
from multiprocessing.sharedctypes import RawArray
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

PROCESSES = 64
"""Places in the common list; a process beyond them never passes."""

FREE, STARTING = -1, -2
"""What stands in a place that nobody has, and in that of a process which takes no connections yet."""

PASSES = 4
PASS_S = 0.00025
"""How often and how long a process passes: a millisecond together."""

_connections = RawArray("i", [FREE] * PROCESSES)
"""How many connections each process has; made before the fork, so that all see it."""


class FairWorker(ThreadWorker):  # type: ignore[misc]
    """Threads in a process that takes connections in fair shares."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        """Take a place in the common list; called in the parent, before the fork."""
        super().__init__(*arguments, **more)
        self._passed = 0
        self.place = next((n for n, count in enumerate(_connections) if count == FREE), None)
        if self.place is not None:
            _connections[self.place] = STARTING

    def leave(self) -> None:
        """Give the place back; called in the parent when the process has ended."""
        if self.place is not None:
            _connections[self.place] = FREE

    def notify(self) -> None:
        """Tell the parent that this process is alive, and the others how many connections it has."""
        super().notify()
        self._tell()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, or leave it to another process for the moment."""
        if self._passed < PASSES and self._has_more_than_another():
            self._passed += 1
            time.sleep(PASS_S)
            return
        self._passed = 0
        super().accept(listener)
        self._tell()

    def _tell(self) -> None:
        if self.place is not None:
            _connections[self.place] = self.nr_conns

    def _has_more_than_another(self) -> bool:
        if self.place is None:
            return False
        others = (count for n, count in enumerate(_connections) if n != self.place)
        return any(0 <= count < self.nr_conns for count in others)
