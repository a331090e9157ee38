"""The clock of an open task as a row: its next mark, reminder, overdue or escalation (XC-X-2 to XC-X-4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.sla import ClockMark, WorkingCalendar, overdue_schedule


def open_clocks(unit: Unit, rows: Sequence[Mapping[str, Any]], calendar: WorkingCalendar) -> None:
    """Write the first marks of tasks that have a due date; `rows` are rows of `user_tasks`."""
    clocks = [
        {
            "task_key": row["key"],
            **_columns(next(overdue_schedule(row["created_at"], row["due_at"], calendar))),
            "state": "SUSPENDED" if row.get("is_suspended") else "OPEN",
        }
        for row in rows
        if row["due_at"] is not None
    ]
    unit.insert(tasks.task_clocks, clocks)


def end_clocks(unit: Unit, task_keys: Sequence[int]) -> None:
    """Remove the clocks of tasks that are over."""
    unit.delete(tasks.task_clocks, "task_key", task_keys)


def mark_after(
    level: int, opened_at: datetime, due_at: datetime, calendar: WorkingCalendar
) -> dict[str, Any] | None:
    """Return the columns of the mark that follows the one of a level; None: it was the last."""
    for mark in overdue_schedule(opened_at, due_at, calendar):
        if mark.level > level:
            return _columns(mark)
    return None


def _columns(mark: ClockMark) -> dict[str, Any]:
    return {"kind": mark.kind, "level": mark.level, "due_at": mark.at}
