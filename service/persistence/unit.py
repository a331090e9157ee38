"""The unit of work: one transaction from wait state to wait state, and the jobs it hands out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table

from service.domain.outside import Outside, QueueDownError
from service.persistence.changes import Changes, write
from service.persistence.tables import cases, house


class Unit:
    """One transaction. Everything written through it is there after `commit()`, or nothing is.

    Rows given to `insert`, `update` and the like are gathered and written together: before the commit, or
    when somebody asks for `connection`, so that every statement finds what was done before it.

    Jobs asked for with `send` become outbox rows in the same transaction; after the commit the queue is
    told. When the queue is down the rows stay and the poller sends them later.
    """

    def __init__(self, connection: Connection, outside: Outside) -> None:
        """Take an open connection inside a transaction; `Database.unit` does that."""
        self._connection = connection
        self.outside = outside
        self.now: datetime = outside.clock.now()
        self.is_committed = False
        self._jobs: list[tuple[str, int]] = []
        self._changes = Changes()
        self._told = Changes()
        self.batch_key: int | None = None

    @property
    def connection(self) -> Connection:
        """The connection, after what was gathered has been written (history and outbox follow later)."""
        write(self._connection, self._changes)
        return self._connection

    @property
    def before(self) -> Connection:
        """The connection for reading what nothing gathered in this unit can have changed."""
        return self._connection

    def look_at_clock(self) -> None:
        """Take this moment as that of the transaction: it has what it may have waited for.

        Whoever began earlier and waited longer would write that something ended before it began.
        """
        self.now = self.outside.clock.now()

    def new_key(self) -> int:
        """Return a fresh key."""
        return self.outside.new_key()

    def send(
        self, job: str, subject_key: int, *, effect: str = "", after: timedelta = timedelta(0)
    ) -> None:
        """Ask for a background job, once for each (job, subject, effect), not before `after` has passed."""
        row = {
            "key": self.new_key(),
            "job": job,
            "subject_key": subject_key,
            "effect_key": f"{job}/{subject_key}/{effect}",
            "created_at": self.now,
            "available_at": self.now + after,
            "sent_at": None if after else self.now,
            "attempts": 0,
        }
        self._told.put(house.outbox, ("effect_key",), (), [row])
        if not after:
            self._jobs.append((job, subject_key))

    def record(
        self,
        kind: str,
        *,
        instance_key: int | None = None,
        root_key: int | None = None,
        case_key: int | None = None,
        element_id: str | None = None,
        who: str | None = None,
        before: Any = None,
        after: Any = None,
        rule_refs: tuple[str, ...] = (),
        detail: dict[str, Any] | None = None,
    ) -> int:
        """Append one event to the history and return its key (XC-X-6)."""
        key = self.new_key()
        if self.batch_key is not None:
            detail = {"batch_key": str(self.batch_key), **(detail or {})}
        row = {
            "key": key,
            "at": self.now,
            "kind": kind,
            "instance_key": instance_key,
            "root_key": root_key,
            "case_key": case_key,
            "element_id": element_id,
            "who": who,
            "before": before,
            "after": after,
            "rule_refs": list(rule_refs),
            "detail": detail or {},
        }
        self._told.insert(cases.events, [row])
        return key

    def insert(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        counts: tuple[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Insert rows; a column that is not given takes its default or NULL.

        Args:
            table: The table.
            rows: What is given of each.
            counts: A column that is not given and takes one more than the number of rows that agree in
                some columns, and those columns.
        """
        if self._changes.removes(table, rows):
            write(self._connection, self._changes)
        self._changes.insert(table, rows, counts)

    def put(
        self,
        table: Table,
        conflict: tuple[str, ...],
        takes: tuple[str, ...],
        rows: Iterable[Mapping[str, Any]],
    ) -> None:
        """Insert rows; where one stands already (columns `conflict`) it takes over the columns `takes`."""
        self._changes.put(table, conflict, takes, rows)

    def add_up(
        self, table: Table, conflict: tuple[str, ...], adds: str, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Insert rows; where one stands already (columns `conflict`) its column `adds` grows."""
        self._changes.add_up(table, conflict, adds, rows)

    def update(
        self,
        table: Table,
        key: int,
        values: Mapping[str, Any],
        guard: tuple[str, Any] | None = None,
    ) -> None:
        """Change columns of the row with that key.

        Args:
            table: The table.
            key: Its primary key.
            values: Column → new value.
            guard: Column and value that must still stand there when the change is written; `flush`
                refuses otherwise.
        """
        self._changes.update(table, key, values, guard)

    def update_of(
        self,
        table: Table,
        column: str,
        keys: Sequence[Any],
        values: Mapping[str, Any],
        only: tuple[str, Sequence[Any]],
    ) -> None:
        """Change columns of the rows with one of the keys in a column, where another holds one of `only`."""
        if self._changes.inserts(table, column, keys):
            write(self._connection, self._changes)
        self._changes.update_of(table, column, keys, values, only)

    def delete(self, table: Table, column: str, values: Sequence[Any]) -> None:
        """Remove the rows that have one of the values in a column."""
        if self._changes.inserts(table, column, values):
            write(self._connection, self._changes)
        self._changes.delete(table, column, values)

    def flush(self) -> None:
        """Write all that was gathered so far.

        Raises:
            BusyError: A guarded row was written by somebody else.
        """
        write(self._connection, self._changes, self._told)

    def commit(self) -> None:
        """Make everything durable.

        Raises:
            BusyError: As `flush`.
        """
        write(self._connection, self._changes, self._told, then_commit=True)
        self._connection.commit()
        self.is_committed = True

    def send_jobs(self) -> None:
        """Tell the queue about the jobs of this unit; called once, after the transaction is over."""
        if not self.is_committed:
            return
        for job, subject_key in self._jobs:
            try:
                self.outside.queue.send(job, subject_key)
            except QueueDownError:
                return
