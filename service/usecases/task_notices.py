"""What notifications say about a task, and whom they reach."""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from service.notifications.texts import TaskFacts
from service.persistence.tables import cases, tasks
from service.persistence.tables import house as house_tables


def facts_of(connection: Connection, task: Row[Any], public_url: str) -> TaskFacts:
    """Return what a text about this row of `user_tasks` says."""
    case = None
    if task.case_key is not None:
        table = cases.cases
        case = connection.execute(select(table).where(table.c.key == task.case_key)).one_or_none()
    return TaskFacts(
        name=task.name,
        process_name=task.process_name or task.process_id,
        case_no=case.case_no if case else None,
        case_title=case.title if case else None,
        due_at=task.due_at,
        link=f"{public_url}/tasks/{task.key}",
    )


def open_task(connection: Connection, task_key: int) -> Row[Any] | None:
    """Return the row of a task that is still open, or None."""
    return connection.execute(_open(task_key)).one_or_none()


def lock_open_task(connection: Connection, task_key: int) -> Row[Any] | None:
    """Lock a task that is still open and return its row, or None; its instance is locked before it."""
    return connection.execute(_open(task_key).with_for_update()).one_or_none()


def doers(task: Row[Any]) -> list[str]:
    """Return whom the task is for: its assignee, else its candidate users and groups."""
    if task.assignee:
        return [task.assignee]
    return [*task.candidate_users, *task.candidate_groups]


def supervisors(connection: Connection, task: Row[Any], level: int) -> list[str]:
    """Return the supervisor groups `level` steps up (1: the direct ones).

    The property `supervisors` of the element names the first level; further up, and without it, each
    group's own supervisor counts. Where nobody stands above, the last who was found is told again.

    Source: XC-X-3, XC-X-4.
    """
    named = [
        part.strip() for part in task.properties.get("supervisors", "").split(",") if part.strip()
    ]
    groups = named or _above(connection, list(task.candidate_groups))
    for _ in range(level - 1):
        higher = _above(connection, groups)
        if not higher:
            break
        groups = higher
    return groups


def _open(task_key: int) -> Select[Any]:
    table = tasks.user_tasks
    return select(table).where(table.c.key == task_key, table.c.state == "CREATED")


def _above(connection: Connection, groups: list[str]) -> list[str]:
    table = house_tables.groups
    found = connection.execute(
        select(table.c.supervisor_group).where(table.c.key.in_(groups)).order_by(table.c.key)
    ).scalars()
    return list(dict.fromkeys(key for key in found if key))
