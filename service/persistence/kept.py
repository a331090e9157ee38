"""Connections that stay with their users, from one unit of work or question to the next.

A connection that goes back to SQLAlchemy's pool is looked at and reset, and looked at again when it is taken
out: a twelfth of what Python does for a completion. After a unit that has committed nothing is to be reset.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

KEPT = 2
"""Connections kept while nobody uses them, at most; a pool needs so many more than are used at once.

A process has hardly more to spare for a moment: whoever comes next takes the one that was given back last.
"""

KEPT_S = 4.0
"""How long one counts as alive that nobody uses; then the pool has it, which tries those (`IDLE_S`)."""


class KeptConnections:
    """Gives open connections, the one used last first; safe to share between threads."""

    def __init__(self, engine: Engine, seconds: Callable[[], float] = time.monotonic) -> None:
        """Take the engine that makes them; `seconds` tells how time passes."""
        self._engine = engine
        self._seconds = seconds
        self._idle: list[tuple[float, Connection]] = []
        self._process = os.getpid()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give a connection outside of any transaction; what is not committed is taken back.

        After a failure it is not kept: a commit that failed may have left a transaction open of which
        SQLAlchemy does not know.
        """
        connection = self._take()
        is_good = False
        try:
            yield connection
            is_good = not (connection.invalidated or connection.in_transaction())
        finally:
            if is_good and len(self._idle) < KEPT:
                self._idle.append((self._seconds(), connection))
            else:
                connection.close()

    def close(self) -> None:
        """Close those that nobody uses, not only for the pool; a forked process forgets its parent's."""
        while (idle := self._pop()) is not None:
            if os.getpid() == self._process:
                idle[1].detach()
                idle[1].close()

    def _take(self) -> Connection:
        while (idle := self._pop()) is not None:
            used_at, connection = idle
            if self._seconds() - used_at < KEPT_S:
                return connection
            connection.close()
        return self._engine.connect()

    def _pop(self) -> tuple[float, Connection] | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None
