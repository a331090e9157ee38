"""How punctual timers are: what operators look at when something seems to wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from service.persistence.tables import instances

WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Punctuality:
    """The timers of the whole house that came due within the last `WITHIN`.

    Attributes:
        fired: How many of them were fired.
        latest_s: By how much the latest of these was late, in seconds; None: none was fired.
        mean_s: By how much they were late on average.
        overdue: How many wait that were due at any time; those of suspended instances are none.
    """

    fired: int
    latest_s: float | None
    mean_s: float | None
    overdue: int


def punctuality(connection: Connection, now: datetime) -> Punctuality:
    """Return the figures of this moment."""
    table = instances.timers
    fired = connection.execute(
        select(func.count(), func.max(table.c.lateness_s), func.avg(table.c.lateness_s)).where(
            table.c.state == "FIRED", table.c.due_at > now - WITHIN, table.c.due_at <= now
        )
    ).one()
    overdue = connection.execute(
        select(func.count()).where(table.c.state == "OPEN", table.c.due_at <= now)
    ).scalar_one()
    return Punctuality(fired[0], fired[1], fired[2], overdue)
