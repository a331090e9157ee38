"""The unit of work: one transaction from wait state to wait state, and the jobs it hands out."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from service.domain.outside import Outside, QueueDownError
from service.persistence.tables import cases, house
from service.persistence.upserts import add_missing


class Unit:
    """One transaction. Everything written through it is there after `commit()`, or nothing is.

    Jobs asked for with `send` become outbox rows in the same transaction; after the commit the queue is
    told. When the queue is down the rows stay and the poller sends them later.
    """

    def __init__(self, connection: Connection, outside: Outside) -> None:
        """Take an open connection inside a transaction; `Database.unit` does that."""
        self.connection = connection
        self.outside = outside
        self.now: datetime = outside.clock.now()
        self.is_committed = False
        self._jobs: list[tuple[str, int]] = []
        self._events: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []

    def new_key(self) -> int:
        """Return a fresh key."""
        return self.outside.new_key()

    def send(
        self, job: str, subject_key: int, *, effect: str = "", after: timedelta = timedelta(0)
    ) -> None:
        """Ask for a background job, once for each (job, subject, effect), not before `after` has passed."""
        self._outbox.append(
            {
                "key": self.new_key(),
                "job": job,
                "subject_key": subject_key,
                "effect_key": f"{job}/{subject_key}/{effect}",
                "created_at": self.now,
                "available_at": self.now + after,
                "sent_at": None if after else self.now,
                "attempts": 0,
            }
        )
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
        self._events.append(
            {
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
        )
        return key

    def flush(self) -> None:
        """Write the events and outbox rows gathered so far, one statement each."""
        if self._events:
            self.connection.execute(insert(cases.events), self._events)
            self._events.clear()
        if self._outbox:
            add_missing(self.connection, house.outbox, ["effect_key"], self._outbox)
            self._outbox.clear()

    def commit(self) -> None:
        """Make everything durable."""
        self.flush()
        self.connection.commit()
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
