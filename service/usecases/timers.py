"""BPMN timers: which are due, and triggering one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from service import engine
from service.domain.errors import WrongStateError
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases import starts
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.transaction import SYSTEM, transact

CLAIMED_FOR = timedelta(seconds=30)
"""How long a claimed timer is left to the worker that was told; its attempts are counted and shown."""


def claim_due(house: House, limit: int = 500) -> tuple[int, ...]:
    """Claim timers that are due and return their keys, the longest due first.

    A claimed timer is not claimed again for `CLAIMED_FOR`: when the worker that was told dies, the next
    look after that finds it. Pollers beside each other get different ones.
    """
    table = instances.timers
    with house.database.unit(house.outside) as unit:
        is_free = (table.c.retry_at.is_(None)) | (table.c.retry_at <= unit.now)
        query = (
            select(table.c.key)
            .where(table.c.state == "OPEN", table.c.due_at <= unit.now, is_free)
            .order_by(table.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        keys = tuple(unit.connection.execute(query).scalars())
        if keys:
            unit.connection.execute(
                update(table)
                .where(table.c.key.in_(keys))
                .values(retry_at=unit.now + CLAIMED_FOR, attempts=table.c.attempts + 1)
            )
        unit.commit()
    return keys


def fire(house: House, timer_key: int) -> bool:
    """Trigger a timer that is due: run its instance on, or start one. A second call finds it done.

    Returns:
        True when it was triggered; False when it is not there, not due, done or canceled. One whose
        instance has ended is marked as canceled.
    """

    def work(execution: Execution) -> bool:
        unit = execution.unit
        table = instances.timers
        query = select(table).where(table.c.key == timer_key, table.c.state == "OPEN")
        row = unit.connection.execute(query).one_or_none()
        if row is None or row.due_at > unit.now:
            return False
        if row.instance_key is None:
            return starts.fire(execution, row)
        try:
            instance = execution.load_live(row.instance_key)
        except WrongStateError:
            _end(unit, timer_key, state="CANCELED")
            return False
        if unit.connection.execute(query).one_or_none() is None:
            return False
        lateness_s = (unit.now - row.due_at).total_seconds()
        _end(unit, timer_key, state="FIRED", fired_at=unit.now, lateness_s=lateness_s)
        unit.record(
            "timer.fired",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=row.element_id,
            detail={"timer_key": str(timer_key), "due_at": row.due_at.isoformat()},
        )
        execution.step(
            instance,
            lambda process, value, around: engine.trigger_timer(process, value, timer_key, around),
        )
        return True

    return transact(house, SYSTEM, work)


def _end(unit: Unit, timer_key: int, **values: Any) -> None:
    table = instances.timers
    unit.connection.execute(
        update(table).where(table.c.key == timer_key, table.c.state == "OPEN").values(**values)
    )
