"""Signals: broadcast one from outside; carry out what one has to tell."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select

from service import engine
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.domain.jobs import DELIVER_SIGNAL
from service.identity import Person, policy
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases import outbox
from service.usecases.execution import gathering, signals
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import RunningInstance
from service.usecases.house import House
from service.usecases.transaction import SYSTEM, transact


def broadcast(house: House, person: Person, name: str, variables: Mapping[str, Any]) -> int:
    """Broadcast a signal to everybody who waits for it now; return its key.

    Raises:
        NotAllowedError: He may not tell one of those whom it would reach; nobody was told.
        BadInputError: The name is empty.
    """
    if not name.strip():
        raise BadInputError("Expected 'signalName' to be a text, but it is empty.")

    def work(execution: Execution) -> int:
        policy.may_broadcast(person).require()
        reached = signals.receivers(execution.unit, name)
        if reached.waiting:
            policy.may_update_instances(person).require()
        for row in reached.starting:
            policy.may_start_by_event(person, row.process_id).require()
        return signals.broadcast(execution.unit, name, variables, reached, person.username)

    return transact(house, person, work)


def deliver(house: House, delivery_key: int) -> bool:
    """Tell one receiver of a signal; a second call finds it done.

    An instance is told all that waits for it, oldest first: the queue may turn the order round.

    Returns:
        True when something was told; False when it was told before, or the receiver is gone.
    """

    def work(execution: Execution) -> bool:
        table = instances.signal_deliveries
        query = select(table.c.instance_key).where(table.c.key == delivery_key)
        row = execution.unit.connection.execute(query).one_or_none()
        if row is None:
            outbox.done(execution.unit, DELIVER_SIGNAL, delivery_key)
            return False
        if row.instance_key is None:
            return _start(execution, delivery_key)
        return _tell(execution, row.instance_key)

    return transact(house, SYSTEM, work)


def _start(execution: Execution, delivery_key: int) -> bool:
    unit = execution.unit
    table = instances.signal_deliveries
    taken = _take(unit, table.c.key == delivery_key)
    for delivery in taken:
        signal = _signal(unit, delivery.signal_key)
        process = execution.house.definitions.process(unit.connection, delivery.process_key)
        part = gathering.part_of_signal(unit, process, delivery.element_id, signal.name)
        if part is None:
            continue
        trigger = gathering.Trigger(delivery.element_id, part, signal.variables)
        instance = execution.start_by(process, trigger)
        if instance is not None:
            _record(unit, "signal.received", instance, delivery, signal)
    return bool(taken)


def _tell(execution: Execution, instance_key: int) -> bool:
    """Tell an instance its signals: it is locked before its deliveries are, by everybody."""
    unit = execution.unit
    table = instances.signal_deliveries
    try:
        instance = execution.load(instance_key)
    except (NotFoundError, WrongStateError):
        _take(unit, table.c.instance_key == instance_key)
        return False
    return tell(execution, instance)


def tell(execution: Execution, instance: RunningInstance) -> bool:
    """Tell an instance that is locked the signals thrown for it so far, oldest first.

    Returns:
        Whether there was one that it still waited for.
    """
    unit = execution.unit
    taken = _take(unit, instances.signal_deliveries.c.instance_key == instance.key)
    is_told = False
    for delivery in taken:
        if instance.is_live and _is_open(unit, delivery.subscription_key):
            is_told |= _deliver(execution, instance, delivery)
            # What follows from one is done before the next one is heard.
            execution.settle()
    return is_told


def _deliver(execution: Execution, instance: RunningInstance, delivery: Row[Any]) -> bool:
    """Tell an instance one signal; one that it cannot take in is noted in its history."""
    signal = _signal(execution.unit, delivery.signal_key)
    try:
        execution.step(
            instance,
            lambda process, value, around: engine.deliver_signal(
                process, value, delivery.subscription_key, signal.variables, around
            ),
        )
    except BadInputError as refusal:
        # Its variables would grow past their limit; the next signals are not to wait for this one.
        _record(execution.unit, "signal.refused", instance, delivery, signal, refusal.detail)
        return False
    _record(execution.unit, "signal.received", instance, delivery, signal)
    return True


def _record(
    unit: Unit,
    kind: str,
    instance: RunningInstance,
    delivery: Row[Any],
    signal: Row[Any],
    reason: str | None = None,
) -> None:
    detail = {"name": signal.name, "signal_key": str(signal.key)}
    unit.record(
        kind,
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        element_id=delivery.element_id,
        detail=detail | ({"reason": reason} if reason else {}),
    )


def _take(unit: Unit, condition: Any) -> list[Row[Any]]:
    """Remove deliveries and return them, oldest first; nobody else gets them."""
    table = instances.signal_deliveries
    rows = unit.connection.execute(delete(table).where(condition).returning(*table.c)).all()
    unit.look_at_clock()  # Some may have been sent since.
    for row in rows:
        outbox.done(unit, DELIVER_SIGNAL, row.key)
    return sorted(rows, key=lambda row: int(row.key))


def _is_open(unit: Unit, subscription_key: int) -> bool:
    table = instances.signal_subscriptions
    query = select(table.c.key).where(table.c.key == subscription_key)
    return unit.connection.execute(query).one_or_none() is not None


def _signal(unit: Unit, key: int) -> Row[Any]:
    table = instances.signals
    return unit.connection.execute(select(table).where(table.c.key == key)).one()
