"""When the clock of a task speaks: the reminder, the overdue mark, and each level above."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from service.sla.calendar import WorkingCalendar
from service.sla.deadlines import add_working_days

TOP_LEVEL = 3
"""Levels of the organisation that hear of one overdue task (XC-X-4)."""

_REMIND_PERCENT = 80


@dataclass(frozen=True)
class ClockMark:
    """One moment at which something is to be told about an open task.

    Attributes:
        kind: `remind` the assignee or the candidates; `overdue` flags the task and tells the
            supervisors; `escalate` does so again, one level higher.
        level: 0 for the reminder, 1 for overdue, 2 and 3 for the levels above.
        at: When, UTC.
    """

    kind: Literal["remind", "overdue", "escalate"]
    level: int
    at: datetime


def overdue_schedule(
    opened_at: datetime, due_at: datetime, calendar: WorkingCalendar
) -> Iterator[ClockMark]:
    """Give the marks of a task's clock, earliest first, each worked out when it is asked for.

    The reminder stands at 80 % of the period in clock time; it is left out when the task was due
    already as it opened. After the overdue mark each further level comes one period later, but
    never earlier than closing time of the next working day.

    Source: XC-X-2, XC-X-3, XC-X-4.
    """
    opened_at, due_at = opened_at.astimezone(UTC), due_at.astimezone(UTC)
    period = due_at - opened_at
    if due_at > opened_at:
        yield ClockMark("remind", 0, opened_at + period * _REMIND_PERCENT / 100)
    yield ClockMark("overdue", 1, due_at)
    last = max(opened_at, due_at)
    for level in range(2, TOP_LEVEL + 1):
        last = max(last + period, add_working_days(last, 1, calendar))
        yield ClockMark("escalate", level, last)
