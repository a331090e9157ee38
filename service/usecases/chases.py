"""催办: what a process has in place of the plain overdue notice, and its end when the step is done.

A process names in `overdueProcess` the process that chases its overdue tasks (docs/dialect.md §2). The
chase is a case of its own, linked with the one that is late, and ends by the message `od_step_done`.

Source: XC-X-5, OD-7-1.
"""

from typing import Any

from sqlalchemy import Row, select

from service.domain import jobs
from service.persistence.facts import group_names
from service.persistence.tables import cases, instances
from service.sla import SHANGHAI
from service.usecases import outbox
from service.usecases.definitions import find_process
from service.usecases.execution.execution import Execution
from service.usecases.execution.messages import PublishMessage
from service.usecases.execution.running import RunningInstance
from service.usecases.house import House
from service.usecases.task_notices import supervisors
from service.usecases.transaction import SYSTEM, transact

RULE = "XC-X-5"
STEP_DONE = "od_step_done"
"""The message that ends the chase of a task; its correlation key is the task's key."""


def process_of(execution: Execution, instance: RunningInstance, task: Row[Any]) -> str | None:
    """Return the process that chases a task, or None when its process tells people the plain way.

    The process of the task says it, else that of its root instance.
    """
    root = execution.load_live(task.root_key)
    for running in (instance, root):
        named = running.process.model.properties.get("overdueProcess", "").strip()
        if named:
            return named
    return None


def start(execution: Execution, process_id: str, task: Row[Any]) -> bool:
    """Start the chase of a task; False when no such process is deployed, so that people are told instead.

    A task that is chased already (its deadline was moved meanwhile) is not chased twice.
    """
    unit = execution.unit
    if _is_chased(execution, task.key):
        return True
    key = find_process(unit.connection, process_id, "latest")
    if key is None:
        return False
    groups = list(task.candidate_groups)
    names = group_names(unit.connection)
    execution.start(
        execution.house.definitions.process(unit.connection, key),
        {
            "chased_task_key": str(task.key),
            "source_case_no": _case_no(execution, task.case_key),
            "node": task.name,
            "due_at": task.due_at.astimezone(SHANGHAI).isoformat(),
            "dept": "、".join(names.get(group, group) for group in groups),
            "dept_groups": groups or [name for name in (task.assignee,) if name],
            "supervisor_groups": supervisors(unit.connection, task, 1),
            "chase_count": 0,
        },
    )
    return True


def end(house: House, task_key: int) -> None:
    """Tell the chase of a task, if there is one, that the task is over; a second time nothing happens."""

    def work(execution: Execution) -> None:
        if _is_chased(execution, task_key):
            execution.publish(PublishMessage(STEP_DONE, str(task_key)))
        outbox.done(execution.unit, jobs.END_CHASE, task_key)

    transact(house, SYSTEM, work)


def _is_chased(execution: Execution, task_key: int) -> bool:
    table = instances.message_subscriptions
    query = select(table.c.key).where(
        table.c.message_name == STEP_DONE, table.c.correlation_key == str(task_key)
    )
    return execution.unit.connection.execute(query.limit(1)).first() is not None


def _case_no(execution: Execution, case_key: int | None) -> str | None:
    if case_key is None:
        return None
    query = select(cases.cases.c.case_no).where(cases.cases.c.key == case_key)
    return str(execution.unit.connection.execute(query).scalar_one())
