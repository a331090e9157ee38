"""The rows of a migrated instance: what is open in them names the elements of its new process."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from service.engine import Migrated, MovedElement, MovedFlow
from service.persistence.tables import instances, tasks
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.writing import SUBSCRIPTIONS


def rewrite(unit: Unit, instance: RunningInstance, migrated: Migrated) -> None:
    """Write what has moved; `instance.process` is the target already, keys and values stay."""
    process = instance.process
    named = {"process_key": process.key, "process_id": process.process_id}
    versioned = {**named, "version": process.version}
    _set(unit, instances.process_instances, versioned, key=instance.key)
    shown = {**versioned, "process_name": process.name}
    _set(unit, tasks.user_tasks, shown, instance_key=instance.key, completed_at=None)
    _name_in_lists(unit, instance)
    _set(unit, instances.timers, {"process_key": process.key}, instance_key=instance.key)
    waiting = instances.message_subscriptions
    _set(unit, waiting, {"process_id": process.process_id}, instance_key=instance.key)
    _rename(unit, instance, migrated.elements)
    _take_over(unit, migrated)
    _rename_flows(unit, instance, migrated.flows)


def _name_in_lists(unit: Unit, instance: RunningInstance) -> None:
    """Let the lists of candidates filter by the new process."""
    candidate, task = tasks.user_task_candidates, tasks.user_tasks
    of_instance = select(task.c.key).where(task.c.instance_key == instance.key)
    unit.connection.execute(
        update(candidate)
        .where(candidate.c.task_key.in_(of_instance))
        .values(process_id=instance.process.process_id)
    )


def _rename(unit: Unit, instance: RunningInstance, moved: Iterable[MovedElement]) -> None:
    process = instance.process
    named_anew = {"b_id": process.process_id, "b_name": process.name}
    rows = [
        # The process itself is an element, too.
        {"b_key": instance.key, **named_anew},
        *(
            {"b_key": one.element_instance_key, "b_id": one.to_id, "b_name": one.to_name}
            for one in moved
            if one.state != "JOINING"
        ),
    ]
    elements, task = instances.element_instances, tasks.user_tasks
    named: dict[str, Any] = {"element_id": bindparam("b_id"), "name": bindparam("b_name")}
    unit.connection.execute(
        update(elements).where(elements.c.key == bindparam("b_key")).values(named), rows
    )
    is_it = task.c.element_instance_key == bindparam("b_key")
    unit.connection.execute(
        update(task).where(is_it, task.c.completed_at.is_(None)).values(named), rows
    )
    job, incident = instances.jobs, instances.incidents
    for table, is_open in (
        (job, job.c.ended_at.is_(None)),
        (incident, incident.c.state == "ACTIVE"),
    ):
        unit.connection.execute(
            update(table)
            .where(table.c.element_instance_key == bindparam("b_key"), is_open)
            .values(element_id=bindparam("b_id")),
            [{"b_key": row["b_key"], "b_id": row["b_id"]} for row in rows],
        )


def _take_over(unit: Unit, migrated: Migrated) -> None:
    """Let kept timers and subscriptions belong to the events of the target."""
    rows = [
        {"b_key": one.subscription_key, "b_id": one.to_id, "b_interrupting": one.interrupting}
        for one in migrated.kept
    ]
    if not rows:
        return
    for table in (instances.timers, *SUBSCRIPTIONS.values()):
        unit.connection.execute(
            update(table)
            .where(table.c.key == bindparam("b_key"))
            .values(element_id=bindparam("b_id"), is_interrupting=bindparam("b_interrupting")),
            rows,
        )


def _rename_flows(unit: Unit, instance: RunningInstance, moved: Iterable[MovedFlow]) -> None:
    """Let tokens that wait at joins have come by the flows of the target.

    Source: Camunda 8 (ProcessInstanceMigrationSequenceFlowBehavior).
    """
    table = instances.taken_flows
    for flow in moved:
        taken = (table.c.instance_key == instance.key, table.c.flow_id == flow.from_id)
        left = table.c.times - flow.times
        unit.connection.execute(update(table).where(*taken).values(times=left))
        unit.connection.execute(delete(table).where(*taken, table.c.times <= 0))
        row = {"instance_key": instance.key, "flow_id": flow.to_id, "times": flow.times}
        unit.add_up(table, ("instance_key", "flow_id"), "times", [row])


def _set(unit: Unit, table: Table, values: dict[str, Any], **where: Any) -> None:
    conditions = [table.c[name] == value for name, value in where.items()]
    unit.connection.execute(update(table).where(*conditions).values(values))
