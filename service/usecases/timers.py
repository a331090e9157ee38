"""BPMN timers: how many are due, firing those together, firing one.

Timers that are due are claimed by locking them and the trees they belong to, never waiting for either: two
workers get different ones, and what somebody else has in hand is left for the next look. A batch is one
transaction, so claim and effect stand or fall together, whatever dies in between.
"""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from service import engine
from service.domain.errors import BusyError, OverloadedError, WrongStateError
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases import starts
from service.usecases.execution.execution import Execution
from service.usecases.execution.locking import lock_free_timers
from service.usecases.execution.running import LIVE_STATES, loaded_together
from service.usecases.house import House
from service.usecases.transaction import SYSTEM, transact

BATCH = 40
"""Timers fired in one transaction: enough that its commit costs little, few enough that locks are short."""

CANCELED = {"state": "CANCELED"}

BUSY_PAUSE = timedelta(seconds=1)
"""How long a timer waits whose instance somebody else has in hand."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
"""How long a timer that could not be fired rests: twice as long each time; its attempts are kept."""

log = structlog.get_logger()


def count_due(house: House, most: int) -> int:
    """Return how many timers may be fired now, counting `most` at most."""
    with house.database.reading() as connection:
        waiting = select(instances.timers.c.key).where(_is_due(house.outside.clock.now()))
        query = select(func.count()).select_from(waiting.limit(most).subquery())
        return int(connection.execute(query).scalar_one())


def fire_due(house: House, limit: int = BATCH) -> int:
    """Fire timers of instances that are due, in one transaction; return how many were taken.

    The longest due first. When one of them cannot be fired, each is fired in a transaction of its own,
    and that one rests.
    """
    keys: list[int] = []
    try:
        with house.database.unit(house.outside) as unit:
            claimed = lock_free_timers(unit.connection, _is_due(unit.now), limit)
            unit.look_at_clock()
            keys += [timer.key for timer, _instance in claimed]
            _fire_together(house, unit, claimed)
            unit.commit()
    except Exception as error:  # Whatever one of them meets, the others are not to wait for it.
        if not keys:
            raise
        log.warning("timers_fired_one_by_one", count=len(keys), reason=repr(error))
        for key in keys:
            _fire_alone(house, key)
    return len(keys)


def fire_starts(house: House) -> int:
    """Start what timer start events are to start now; return how many were due.

    Each in a transaction of its own: firing and deploying one process wait for each other.
    """
    table = instances.timers
    query = select(table.c.key).where(
        table.c.instance_key.is_(None), _is_due(house.outside.clock.now())
    )
    with house.database.reading() as connection:
        keys = list(connection.execute(query.order_by(table.c.due_at)).scalars())
    for key in keys:
        _fire_alone(house, key)
    return len(keys)


def fire(house: House, timer_key: int) -> bool:
    """Trigger a timer that is due: run its instance on, or start one. A second call finds it done.

    Returns:
        True when it was triggered; False when it is not there, not due, done or canceled. One whose
        instance has ended is marked as canceled.
    """

    def work(execution: Execution) -> bool:
        connection = execution.unit.connection
        table = instances.timers
        query = select(table).where(table.c.key == timer_key, table.c.state == "OPEN")
        row = connection.execute(query).one_or_none()
        return row is not None and row.due_at <= execution.unit.now and _fire(execution, row)

    return transact(house, SYSTEM, work)


def _is_due(now: Any) -> ColumnElement[bool]:
    table = instances.timers
    has_rested = or_(table.c.retry_at.is_(None), table.c.retry_at <= now)
    return and_(table.c.state == "OPEN", table.c.due_at <= now, has_rested)


def _fire_together(house: House, unit: Unit, claimed: list[tuple[Row[Any], Any]]) -> None:
    """Fire locked timers: the first of each tree is read with those of the others, the rest follow it."""
    trees: dict[int, list[tuple[Row[Any], Any]]] = {}
    for timer, instance in claimed:
        trees.setdefault(instance.root_key, []).append((timer, instance))
    first = [tree[0] for tree in trees.values()]
    for timer, instance in first:
        is_live = instance.state in LIVE_STATES
        unit.update(instances.timers, timer.key, _fired(unit, timer) if is_live else CANCELED)
    living = [instance for _timer, instance in first if instance.state in LIVE_STATES]
    loaded = {
        running.key: running
        for running in loaded_together(unit.connection, house.definitions, living)
    }
    facts = house.database.rare.at(unit.before)
    touched: set[int] = set()
    for (timer, instance), *later in trees.values():
        execution = Execution(house, unit, SYSTEM, facts)
        if instance.key in loaded:
            if instance.key not in touched:
                execution.hold(loaded[instance.key])
            _run(execution, timer)
        for following, _instance in later:
            execution.settle()
            _fire(execution, following)
        execution.finish()
        touched |= execution.running.keys()


def _fire(execution: Execution, timer: Row[Any]) -> bool:
    if timer.instance_key is None:
        return starts.fire(execution, timer)
    unit, table = execution.unit, instances.timers
    try:
        execution.load_live(timer.instance_key)
    except WrongStateError:
        unit.update(table, timer.key, CANCELED)
        return False
    still = select(table.c.key).where(table.c.key == timer.key, table.c.state == "OPEN")
    if unit.connection.execute(still.with_for_update()).one_or_none() is None:
        return False
    unit.update(table, timer.key, _fired(unit, timer))
    unit.flush()  # The step closes the timer's subscription, and must find it fired.
    _run(execution, timer)
    return True


def _fired(unit: Unit, timer: Row[Any]) -> dict[str, Any]:
    lateness_s = (unit.now - timer.due_at).total_seconds()
    return {"state": "FIRED", "fired_at": unit.now, "lateness_s": lateness_s}


def _run(execution: Execution, timer: Row[Any]) -> None:
    """Tell that a timer fires and run its process on; its row says so already."""
    unit = execution.unit
    instance = execution.load_live(timer.instance_key)
    lateness_s = (unit.now - timer.due_at).total_seconds()
    unit.record(
        "timer.fired",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=timer.element_id,
        detail={
            "timer_key": str(timer.key),
            "due_at": timer.due_at.isoformat(),
            "lateness_s": round(lateness_s, 3),
        },
    )
    execution.step(
        instance,
        lambda process, value, around: engine.trigger_timer(process, value, timer.key, around),
    )


def _fire_alone(house: House, timer_key: int) -> None:
    """Fire a timer; one that cannot be fired rests, is told in the log and tried again later."""
    try:
        fire(house, timer_key)
    except (
        BusyError,
        OverloadedError,
    ) as error:  # Somebody works there, or nothing does: no fault.
        log.info("timer_waits", timer_key=timer_key, reason=repr(error))
        _let_wait(house, timer_key)
    except Exception as error:  # Our bug, or a row that no longer fits: an operator must see it.
        attempts = _let_rest(house, timer_key)
        log.error("timer_failed", timer_key=timer_key, attempts=attempts, exc_info=error)


def _let_wait(house: House, timer_key: int) -> None:
    """Let a timer be tried again in a moment: at once, its worker would do nothing else meanwhile."""
    table = instances.timers
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            update(table)
            .where(table.c.key == timer_key, table.c.state == "OPEN")
            .values(retry_at=unit.now + BUSY_PAUSE)
        )
        unit.commit()


def _let_rest(house: House, timer_key: int) -> int:
    """Let a timer rest before it is tried again, and return how often it was tried."""
    table = instances.timers
    with house.database.unit(house.outside) as unit:
        attempts = unit.connection.execute(
            select(table.c.attempts).where(table.c.key == timer_key)
        ).scalar_one()
        pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
        unit.connection.execute(
            update(table)
            .where(table.c.key == timer_key, table.c.state == "OPEN")
            .values(retry_at=unit.now + pause, attempts=attempts + 1)
        )
        unit.commit()
    return int(attempts) + 1
