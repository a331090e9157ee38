"""The marks of a task's clock as rows: reminder, overdue, escalations (XC-X-2 to XC-X-4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.sla import WorkingCalendar, overdue_schedule


def open_clocks(unit: Unit, rows: Sequence[Mapping[str, Any]], calendar: WorkingCalendar) -> None:
    """Write the marks of tasks that have a due date; `rows` are rows of `user_tasks`."""
    marks = [
        {
            "key": unit.new_key(),
            "task_key": row["key"],
            "kind": mark.kind,
            "level": mark.level,
            "due_at": mark.at,
            "state": "SUSPENDED" if row.get("is_suspended") else "OPEN",
        }
        for row in rows
        if row["due_at"] is not None
        for mark in overdue_schedule(row["created_at"], row["due_at"], calendar)
    ]
    unit.insert(tasks.task_clocks, marks)


def end_clocks(unit: Unit, task_keys: Sequence[int]) -> None:
    """Stop the clocks of tasks that are over."""
    ended = {"state": "CANCELED", "done_at": unit.now}
    running = ("state", ("OPEN", "SUSPENDED"))
    unit.update_of(tasks.task_clocks, "task_key", task_keys, ended, running)
