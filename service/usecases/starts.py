"""What starts instances of a process: only its newest version listens.

Source: Camunda 8: a new version closes what the old one waited for, even if it has no start of that kind;
an identical re-deployment changes nothing.
"""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from service import engine
from service.engine.waits import StartTimer
from service.persistence.locks import hold
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.definitions import LoadedProcess
from service.usecases.execution import gathering
from service.usecases.execution.execution import Execution
from service.usecases.execution.gathering import Trigger
from service.usecases.execution.world import step_surroundings


def listen(execution: Execution, process_key: int) -> None:
    """Let a process version listen for what starts it, in place of the version before.

    Raises:
        DeploymentRefusedError: A name or timer cannot be evaluated.
    """
    unit = execution.unit
    process = execution.house.definitions.process(unit.connection, process_key)
    close(unit, process.process_id)
    surroundings = step_surroundings(unit, execution.facts, execution.house.definitions, process)
    named = [
        (start.element_id, start.kind, start.name, start.part)
        for start in engine.start_names(process.compiled, surroundings)
    ]
    conditions = [
        (element_id, definition.kind, None, part)
        for element_id, part, definition in process.model.start_definitions
        if definition.kind == "conditional"
    ]
    rows = [
        {
            "key": unit.new_key(),
            "process_key": process.key,
            "process_id": process.process_id,
            "element_id": element_id,
            "kind": kind,
            "name": name,
            "part": part,
        }
        for element_id, kind, name, part in (*named, *conditions)
    ]
    if rows:
        unit.connection.execute(insert(definitions.start_events), rows)
    for timer in engine.start_timers(process.compiled, surroundings):
        _open_timer(unit, process, timer)


def close(unit: Unit, process_id: str) -> None:
    """Let no version of a process listen any more."""
    _one_at_a_time(unit, process_id)
    table, timers = definitions.start_events, instances.timers
    unit.connection.execute(delete(table).where(table.c.process_id == process_id))
    gathering.forget(unit, process_id)
    versions = definitions.process_definitions
    unit.connection.execute(
        update(timers)
        .where(
            timers.c.instance_key.is_(None),
            timers.c.state == "OPEN",
            timers.c.process_key.in_(
                select(versions.c.key).where(versions.c.process_id == process_id)
            ),
        )
        .values(state="CANCELED")
    )


def fire(execution: Execution, timer: Row[Any]) -> bool:
    """Start the instance of a timer start event that is due, unless it lacks something; set its next firing.

    Args:
        execution: The transaction.
        timer: Its row, as it was when it was looked for.

    Returns:
        False when a newer version has canceled it meanwhile.
    """
    unit = execution.unit
    process = execution.house.definitions.process(unit.connection, timer.process_key)
    _one_at_a_time(unit, process.process_id)
    lateness_s = (unit.now - timer.due_at).total_seconds()
    table = instances.timers
    fired = unit.connection.execute(
        update(table)
        .where(table.c.key == timer.key, table.c.state == "OPEN")
        .values(
            state="FIRED",
            fired_at=unit.now,
            lateness_s=lateness_s,
        )
    )
    if fired.rowcount != 1:
        return False
    done = StartTimer(
        timer.element_id, timer.due_at, timer.repetitions_left, timer.cycle, timer.part
    )
    following = engine.next_start_timer(done, unit.now)
    if following is not None:
        _open_timer(unit, process, following)
    instance = execution.start_by(process, Trigger(timer.element_id, timer.part))
    unit.record(
        "timer.fired",
        instance_key=instance.key if instance else None,
        root_key=instance.root_key if instance else None,
        case_key=instance.case_key if instance else None,
        element_id=timer.element_id,
        detail={
            "timer_key": str(timer.key),
            "due_at": timer.due_at.isoformat(),
            "lateness_s": round(lateness_s, 3),
        },
    )
    return True


def _one_at_a_time(unit: Unit, process_id: str) -> None:
    """Let deployments and firings of one process pass one after another.

    A firing that sets the next one while a deployment cancels the old ones would leave that one behind.
    """
    hold(unit.connection, f"starts/{process_id}")


def _open_timer(unit: Unit, process: LoadedProcess, timer: StartTimer) -> None:
    unit.connection.execute(
        insert(instances.timers).values(
            key=unit.new_key(),
            instance_key=None,
            process_key=process.key,
            element_instance_key=None,
            element_id=timer.element_id,
            due_at=timer.due_at,
            repetitions_left=timer.repetitions_left,
            cycle=timer.cycle,
            part=timer.part,
            is_interrupting=False,
            state="OPEN",
            attempts=0,
        )
    )
