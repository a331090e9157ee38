"""Signals between instances: whom one reaches is settled when it is thrown, each is told on its own.

A signal reaches every subscription that is open and every process whose latest version it starts. Each
becomes a delivery with an outbox row, in the transaction of the throw; a worker carries each out in a
transaction of its own (docs/decisions, «Signals go through the outbox»).

Source: Camunda 8, signals: no buffer, latest versions only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from service.domain.jobs import DELIVER_SIGNAL
from service.engine.waits import SignalThrown
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance


@dataclass(frozen=True)
class Receivers:
    """Whom a signal reaches: subscriptions that are open, and start events of latest versions."""

    waiting: tuple[Row[Any], ...]
    starting: tuple[Row[Any], ...]


def receivers(unit: Unit, name: str, thrower: RunningInstance | None = None) -> Receivers:
    """Return whom a signal reaches now, but for the instance that threw it and has heard it already."""
    waits, starts = instances.signal_subscriptions, definitions.start_events
    waiting = select(waits).where(waits.c.signal_name == name).order_by(waits.c.key)
    if thrower is not None:
        waiting = waiting.where(waits.c.instance_key != thrower.key)
    is_it = (starts.c.kind == "signal") & (starts.c.name == name)
    starting = select(starts).where(is_it).order_by(starts.c.key)
    connection = unit.connection
    return Receivers(
        tuple(connection.execute(waiting).all()), tuple(connection.execute(starting).all())
    )


def throw(unit: Unit, instance: RunningInstance, thrown: SignalThrown, who: str) -> None:
    """Tell all others who wait for a signal that an instance has thrown."""
    reached = receivers(unit, thrown.name, instance)
    broadcast(unit, thrown.name, thrown.variables, reached, who, instance, thrown.element_id)


def broadcast(
    unit: Unit,
    name: str,
    variables: Mapping[str, Any],
    reached: Receivers,
    who: str,
    thrower: RunningInstance | None = None,
    element_id: str | None = None,
) -> int:
    """Tell some receivers a signal; return its key.

    Args:
        unit: The transaction of the throw.
        name: The signal's name.
        variables: What it carries; JSON values.
        reached: Whom it reaches.
        who: In whose name.
        thrower: The instance that threw it, or None.
        element_id: The throwing element, or None.
    """
    signal_key = unit.new_key()
    rows = [{"key": unit.new_key(), "signal_key": signal_key, **r} for r in _deliveries(reached)]
    if rows:
        signal = {"name": name, "variables": dict(variables), "broadcast_at": unit.now}
        unit.insert(instances.signals, [{"key": signal_key, **signal}])
        unit.insert(instances.signal_deliveries, rows)
    for row in rows:
        unit.send(DELIVER_SIGNAL, row["key"])
    unit.record(
        "signal.broadcast",
        instance_key=thrower.key if thrower else None,
        root_key=thrower.root_key if thrower else None,
        case_key=thrower.case_key if thrower else None,
        element_id=element_id,
        who=who,
        detail={"name": name, "signal_key": str(signal_key), "receivers": len(rows)},
    )
    return signal_key


def _deliveries(reached: Receivers) -> Iterator[dict[str, Any]]:
    for row in reached.waiting:
        yield {
            "instance_key": row.instance_key,
            "subscription_key": row.key,
            "process_key": None,
            "element_id": row.element_id,
        }
    for row in reached.starting:
        yield {
            "instance_key": None,
            "subscription_key": None,
            "process_key": row.process_key,
            "element_id": row.element_id,
        }
