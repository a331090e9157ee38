"""The clocks of tasks: remind, mark as overdue, tell those above (XC-X-2 to XC-X-4)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Delete, Row, Update, delete, select, update

from service.domain.errors import WrongStateError
from service.notifications import texts
from service.persistence.tables import cases, tasks
from service.usecases import chases
from service.usecases.clock_marks import mark_after
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance
from service.usecases.house import House
from service.usecases.notifications import notify
from service.usecases.task_notices import (
    doers,
    facts_of,
    lock_open_task,
    open_task,
    supervisors,
)
from service.usecases.transaction import SYSTEM, transact

RULE_BY_KIND = {"remind": "XC-X-2", "overdue": "XC-X-3", "escalate": "XC-X-4"}
"""The catalogue's rule by kind of mark; it is the notification's message id too."""

CLAIMED_FOR = timedelta(seconds=30)
"""How long a claimed mark is left to the worker that was told."""


def claim_due(house: House, limit: int = 500) -> tuple[int, ...]:
    """Claim marks that are due and return the keys of their tasks, the longest due first."""
    table = tasks.task_clocks
    with house.database.unit(house.outside) as unit:
        is_free = (table.c.claimed_until.is_(None)) | (table.c.claimed_until <= unit.now)
        keys = tuple(
            unit.connection.execute(
                select(table.c.task_key)
                .where(table.c.state == "OPEN", table.c.due_at <= unit.now, is_free)
                .order_by(table.c.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).scalars()
        )
        if keys:
            unit.connection.execute(
                update(table)
                .where(table.c.task_key.in_(keys))
                .values(claimed_until=unit.now + CLAIMED_FOR)
            )
        unit.commit()
    return keys


def run(house: House, task_key: int) -> int:
    """Carry out the marks of a task that are due and return how many: none where the task is not open.

    Reminder: the doers are told. Overdue and above: the task is flagged, the case variable
    `overdue_nodes` gets its element, doers and supervisors are told; or, where the process names one,
    the task is chased instead (XC-X-5).
    """

    def work(execution: Execution) -> int:
        connection = execution.unit.connection
        task = open_task(connection, task_key)
        if task is None or _mark(execution, task_key) is None:
            return 0
        try:
            instance = execution.load_live(task.instance_key)
        except WrongStateError:
            return 0
        carried_out = 0
        task = lock_open_task(connection, task_key)
        while task is not None and (mark := _mark(execution, task_key)) is not None:
            _go_on(execution, task, mark.level)
            _tell(execution, instance, task, mark)
            carried_out += 1
        return carried_out

    return transact(house, SYSTEM, work)


def _tell(execution: Execution, instance: RunningInstance, task: Row[Any], mark: Row[Any]) -> None:
    unit = execution.unit
    facts = facts_of(unit.connection, task, execution.house.rules.public_url)
    people, refs = doers(task), [RULE_BY_KIND[mark.kind]]
    text = texts.reminder(facts)
    if mark.level > 0:
        text = texts.overdue(facts, mark.level)
        _flag(execution, task, mark.level)
        people += supervisors(unit.connection, task, mark.level)
        chase = chases.process_of(execution, instance, task)
        if chase and chases.start(execution, chase, task):
            people = []
            refs.append(chases.RULE)
    if people:
        notify(
            unit,
            to=people,
            subject=text.subject,
            body=text.body,
            message_id=RULE_BY_KIND[mark.kind],
            case_key=task.case_key,
            task_key=task.key,
        )
    unit.record(
        f"clock.{mark.kind}",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=task.case_key,
        element_id=task.element_id,
        rule_refs=tuple(refs),
        detail={"task_key": str(task.key), "level": mark.level, "name": task.name},
    )


def _mark(execution: Execution, task_key: int) -> Row[Any] | None:
    table = tasks.task_clocks
    return execution.unit.connection.execute(
        select(table).where(
            table.c.task_key == task_key,
            table.c.state == "OPEN",
            table.c.due_at <= execution.unit.now,
        )
    ).one_or_none()


def _go_on(execution: Execution, task: Row[Any], level: int) -> None:
    """Set the clock of a task to the mark that follows; after the last one it has none."""
    table = tasks.task_clocks
    calendar = execution.snapshot.calendar
    following = mark_after(level, task.created_at, task.due_at, calendar)
    change: Delete | Update = delete(table)
    if following is not None:
        change = update(table).values(**following, claimed_until=None)
    execution.unit.connection.execute(change.where(table.c.task_key == task.key))


def _flag(execution: Execution, task: Row[Any], level: int) -> None:
    """Flag the task as overdue; in a case, flag that, too, and note the element in its `overdue_nodes`."""
    unit = execution.unit
    table = tasks.user_tasks
    unit.connection.execute(
        update(table).where(table.c.key == task.key).values(overdue_level=level)
    )
    if task.case_key is None:
        return
    unit.connection.execute(
        update(cases.cases).where(cases.cases.c.key == task.case_key).values(is_overdue=True)
    )
    root = execution.load_live(task.root_key)
    nodes = root.root_variables.get("overdue_nodes") or []
    if isinstance(nodes, list) and task.element_id not in nodes:
        execution.write_root_variables(root.key, {"overdue_nodes": [*nodes, task.element_id]})
