"""The rows of a user task: find it open, change it, finish it, record it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from service.domain import jobs
from service.identity import Person
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.usecases.clock_marks import end_clocks
from service.usecases.execution.loading import require_open, unknown_task
from service.usecases.execution.rule_refs import rule_refs
from service.usecases.execution.task_rows import candidate_rows


def open_task(unit: Unit, task_key: int) -> Row[Any]:
    """Lock an open task and return its row.

    Raises:
        NotFoundError: No such task.
        WrongStateError: It is no longer open (the text names who finished it and when), or its
            instance is suspended.
    """
    table = tasks.user_tasks
    query = select(table).where(table.c.key == task_key).with_for_update()
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise unknown_task(task_key)
    require_open(row)
    return row


def set_assignee(
    unit: Unit, row: Row[Any], assignee: str | None, person: Person, action: str
) -> None:
    """Give the task to somebody or, with None, back to its candidates; nothing when it is so already."""
    if row.assignee == assignee:
        return
    write(unit, row, {"assignee": assignee})
    write_candidates(unit, {**row._asdict(), "assignee": assignee})
    record(
        unit,
        row,
        "user_task.assigned" if assignee else "user_task.unassigned",
        person,
        before={"assignee": row.assignee},
        after={"assignee": assignee},
        detail={"action": action},
    )


def finish(
    unit: Unit, row: Row[Any], person: Person, action: str, values: Mapping[str, Any]
) -> None:
    """Mark the task as completed, with its lateness, and take it out of every list."""
    is_late = row.overdue_level > 0 or (row.due_at is not None and unit.now > row.due_at)
    write(
        unit,
        row,
        {
            "state": "COMPLETED",
            "completed_at": unit.now,
            "completed_by": person.username,
            "action": action,
            "is_late": is_late,
            "assignee": row.assignee or person.username,
        },
    )
    for table in (tasks.user_task_drafts, tasks.task_reads):
        unit.delete(table, "task_key", [row.key])
    if row.candidate_groups or row.candidate_users:
        unit.delete(tasks.user_task_candidates, "task_key", [row.key])
    if row.due_at is not None:
        end_clocks(unit, [row.key])
    if row.overdue_level > 0:
        unit.send(jobs.END_CHASE, row.key)
    record(
        unit,
        row,
        "user_task.completed",
        person,
        after=dict(values),
        detail={"action": action, "is_late": is_late},
    )


def write(unit: Unit, row: Row[Any], values: dict[str, Any]) -> None:
    """Change columns of the locked row and count its version up."""
    unit.update(tasks.user_tasks, row.key, {**values, "row_version": row.row_version + 1})


def write_candidates(unit: Unit, row: Mapping[str, Any]) -> None:
    """Write the candidate rows anew from the row's lists."""
    table = tasks.user_task_candidates
    unit.delete(table, "task_key", [row["key"]])
    unit.insert(table, candidate_rows(row))


def record(
    unit: Unit,
    row: Row[Any],
    kind: str,
    person: Person,
    *,
    before: Any = None,
    after: Any = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append an event about the task to the history."""
    unit.record(
        kind,
        instance_key=row.instance_key,
        root_key=row.root_key,
        case_key=row.case_key,
        element_id=row.element_id,
        who=person.username,
        before=before,
        after=after,
        rule_refs=rule_refs(row.properties),
        detail={
            "task_key": str(row.key),
            "element_instance_key": str(row.element_instance_key),
            "name": row.name,
            **(detail or {}),
        },
    )
