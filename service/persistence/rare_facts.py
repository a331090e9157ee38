"""Facts that change rarely, remembered in this process for as long as nothing of their kind has changed.

People, groups, roles, rights, tokens, parameters, the calendar and what is deployed: the database counts
every change of their tables in `revisions` (by triggers, whoever makes it). A command reads the count in
its own transaction, so what it goes by is never old. Who sends a request is asked before a transaction
begins; that answer may be `LOOK_S` old when another process made the change, and is never old when this
process made it.
"""

import threading
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, ScalarSelect, select

from service.persistence.driver import PreparedQuery
from service.persistence.tables import house

T = TypeVar("T")

LOOK_S = 1.0
"""How long the count of another process's changes may go unnoticed where no transaction reads it."""

MOST = 20_000
"""Facts remembered; one more and all are read anew."""

HOUSE = "house"
"""Name of the row of `revisions` that counts the changes."""

WATCHED = (
    "people",
    "groups",
    "memberships",
    "roles",
    "authorizations",
    "api_tokens",
    "parameters",
    "tenant_variables",
    "global_listeners",
    "calendar_days",
    "process_definitions",
    "decision_definitions",
    "forms",
)
"""Tables whose changes count. Only what stands in these may be remembered."""


@dataclass(frozen=True)
class _Remembered:
    number: int
    facts: dict[Hashable, Any] = field(default_factory=dict)


class RareFacts:
    """Remembers facts of one revision; safe to share between threads."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing remembered; `seconds` tells how time passes."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._remembered = _Remembered(-1)
        self._looked_at = float("-inf")

    def at(self, connection: Connection, number: int | None = None) -> "FactsAt":
        """Return the facts as the transaction of a connection sees them.

        Args:
            connection: Where to read what is not remembered.
            number: The revision, where a statement of this transaction has read it; None: read it.
        """
        if number is None:
            number = int(connection.execute(_NUMBER).scalar_one())
        return FactsAt(connection, number, self._of(number))

    def recent(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        name: Hashable,
        read: Callable[[Connection], T],
    ) -> T:
        """Return a fact that may be `LOOK_S` old.

        Args:
            reading: Gives a connection when it is needed.
            name: Of the fact.
            read: Reads it; only from `WATCHED` tables.
        """
        remembered = self._remembered
        if self._seconds() - self._looked_at <= LOOK_S and name in remembered.facts:
            known: T = remembered.facts[name]
            return known
        with reading() as connection:
            return self.at(connection).get(name, read)

    def look_again(self) -> None:
        """Read the revision before the next fact is given: something was committed here."""
        self._looked_at = float("-inf")

    def _of(self, number: int) -> dict[Hashable, Any]:
        """Return where facts of a revision are kept; those of an older view than ours, nowhere."""
        with self._lock:
            if number > self._remembered.number:
                self._remembered = _Remembered(number)
            if number < self._remembered.number:
                return {}
            self._looked_at = self._seconds()
            if len(self._remembered.facts) > MOST:
                self._remembered = _Remembered(number)
            return self._remembered.facts


class FactsAt:
    """The facts of one revision, as one transaction sees them."""

    def __init__(self, connection: Connection, number: int, kept: dict[Hashable, Any]) -> None:
        """Take what is remembered of the revision."""
        self._connection = connection
        self._number = number
        self._kept = kept

    def get(self, name: Hashable, read: Callable[[Connection], T]) -> T:
        """Return a fact, read at most once a revision; None is read each time.

        Args:
            name: Of the fact.
            read: Reads it; only from `WATCHED` tables.
        """
        if name in self._kept:
            known: T = self._kept[name]
            return known
        value = read(self._connection)
        # A transaction that has changed such tables itself keeps for itself what it sees.
        if value is not None and self._connection.execute(_NUMBER).scalar_one() == self._number:
            self._kept[name] = value
        return value


def let_nobody_change(connection: Connection) -> None:
    """Wait for whoever changes `WATCHED` tables, and let nobody else change them until the transaction ends.

    On SQLite there is nothing to do: a unit of work holds the only write lock from its beginning.
    """
    connection.execute(_NUMBER.with_for_update())


def number_for_command(connection: Connection) -> int:
    """Return the revision; the connection's transaction may begin with that and is that of a command."""
    if connection.dialect.name == "postgresql":
        return int(_PREPARED_NUMBER.first(connection, {}).number)
    return int(connection.execute(_NUMBER).scalar_one())


def number_column() -> ScalarSelect[int]:
    """Return the revision as a column for statements that read it along with something else."""
    table = house.revisions
    return select(table.c.number).where(table.c.name == HOUSE).scalar_subquery()


_NUMBER = select(house.revisions.c.number).where(house.revisions.c.name == HOUSE)
_PREPARED_NUMBER = PreparedQuery(_NUMBER)
