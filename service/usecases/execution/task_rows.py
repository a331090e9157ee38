"""User tasks as rows: who may take them, until when, and whose turn is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from service.domain import jobs
from service.engine.values import JobOpened, UserTaskOpened
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.usecases.clock_marks import open_clocks
from service.usecases.execution.rule_refs import rule_refs
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.world import Snapshot

OPEN_STATES = ("CREATING", "CREATED", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING")
"""States of a user task that is not over; people can do it in `CREATED` only."""

NOBODY_GROUP = "sys_admin"
"""Who finds a task, or is told, in place of names that nobody knows: nothing is ever lost."""


def open_user_tasks(
    unit: Unit,
    instance: RunningInstance,
    opened: Sequence[UserTaskOpened],
    scope_by_element: Mapping[int, int],
    snapshot: Snapshot,
) -> None:
    """Write the rows of new user tasks, their candidates and their clocks."""
    if not opened:
        return
    rows = [_row(unit, instance, task, scope_by_element, snapshot) for task in opened]
    unit.insert(tasks.user_tasks, rows)
    candidates = [candidate for row in rows for candidate in candidate_rows(row)]
    unit.insert(tasks.user_task_candidates, candidates)
    open_clocks(unit, rows, snapshot.calendar)
    _tell_signers(unit, rows)
    for row in rows:
        unit.record(
            "user_task.opened",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=row["element_id"],
            rule_refs=rule_refs(row["properties"]),
            detail={
                "task_key": str(row["key"]),
                "name": row["name"],
                "candidate_groups": row["candidate_groups"],
                "candidate_users": row["candidate_users"],
                "assignee": row["assignee"],
                "due_at": row["due_at"].isoformat() if row["due_at"] else None,
            },
        )


def _tell_signers(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Ask for the notice to signers, once for those of a round whose tasks are opened together."""
    first_by_round: dict[int, int] = {}
    for row in rows:
        if row["properties"].get("countersign") == "true":
            first_by_round.setdefault(row["scope_key"], row["key"])
    for scope_key, task_key in sorted(first_by_round.items()):
        unit.send(jobs.NOTIFY_SIGNERS, scope_key, effect=f"task-{task_key}")


def mark_canceling(unit: Unit, opened: Sequence[JobOpened]) -> None:
    """Take user tasks out of everybody's hands whose listeners are told that they are canceled."""
    canceling = [job for job in opened if job.listener_event_type == "CANCELING"]
    if not canceling:
        return
    table = tasks.user_tasks
    keys = unit.connection.execute(
        update(table)
        .where(
            table.c.element_instance_key.in_([job.element_instance_key for job in canceling]),
            table.c.state.in_(OPEN_STATES),
        )
        .values(state="CANCELING", row_version=table.c.row_version + 1)
        .returning(table.c.key)
    ).scalars()
    unit.delete(tasks.user_task_candidates, "task_key", list(keys))


def candidate_rows(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the candidate rows of a task; none while its listeners are asked: it waits for them first."""
    if row["state"] != "CREATED":
        return []
    named = [("group", name) for name in row["candidate_groups"]]
    named += [("user", name) for name in row["candidate_users"]]
    about = {
        "task_key": row["key"],
        "due_at": row["due_at"],
        "created_at": row["created_at"],
        "process_id": row["process_id"],
        "is_free": not row["assignee"],
    }
    return [{**about, "kind": kind, "name": name} for kind, name in dict.fromkeys(named)]


def _row(
    unit: Unit,
    instance: RunningInstance,
    task: UserTaskOpened,
    scope_by_element: Mapping[int, int],
    snapshot: Snapshot,
) -> dict[str, Any]:
    groups = [snapshot.group_by_name.get(name, name) for name in task.candidate_groups]
    known = set(snapshot.group_by_name.values())
    if not task.assignee and not task.candidate_users and known.isdisjoint(groups):
        groups.append(NOBODY_GROUP)
    return {
        "key": unit.new_key(),
        "element_instance_key": task.element_instance_key,
        "instance_key": instance.key,
        "root_key": instance.root_key,
        "process_key": instance.process.key,
        "process_id": instance.process.process_id,
        "process_name": instance.process.name,
        "version": instance.process.version,
        "case_key": instance.case_key,
        "scope_key": scope_by_element.get(task.element_instance_key, instance.key),
        "loop_counter": task.loop_counter,
        "element_id": task.element_id,
        "name": task.name or task.element_id,
        "state": task.state,
        "assignee": task.assignee or None,
        "candidate_groups": groups,
        "candidate_users": list(task.candidate_users),
        "priority": task.priority,
        "due_at": task.due_at,
        "follow_up_at": task.follow_up_at,
        "form_key": task.form_key,
        "external_form_reference": task.external_form_reference,
        "headers": dict(task.headers),
        "properties": dict(task.properties),
        "created_at": unit.now,
        "overdue_level": 0,
        "is_suspended": instance.is_suspended,
        "row_version": 0,
    }
