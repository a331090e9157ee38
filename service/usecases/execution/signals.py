"""Signals between instances: whom one reaches is settled when it is thrown, each is told on its own.

A signal reaches every subscription that is open and every process whose latest version it starts. Each
becomes a delivery with an outbox row, in the transaction of the throw; a worker carries each out in a
transaction of its own (docs/decisions, «Signals go through the outbox»).

Source: Camunda 8, signals: no buffer, latest versions only.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from service.domain.jobs import DELIVER_SIGNAL
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance


def broadcast(
    unit: Unit,
    name: str,
    variables: Mapping[str, Any],
    who: str,
    thrower: RunningInstance | None = None,
    element_id: str | None = None,
) -> int:
    """Tell all who wait for a signal now; return its key.

    Args:
        unit: The transaction of the throw.
        name: The signal's name.
        variables: What it carries; JSON values.
        who: In whose name.
        thrower: The instance that threw it and has heard it already, or None.
        element_id: The throwing element, or None.
    """
    signal_key = unit.new_key()
    deliveries = [*_waiting(unit, name, thrower), *_starting(unit, name)]
    if deliveries:
        unit.connection.execute(
            insert(instances.signals).values(
                key=signal_key, name=name, variables=dict(variables), broadcast_at=unit.now
            )
        )
        rows = [{"key": unit.new_key(), "signal_key": signal_key, **each} for each in deliveries]
        unit.connection.execute(insert(instances.signal_deliveries), rows)
        for row in rows:
            unit.send(DELIVER_SIGNAL, row["key"])
    unit.record(
        "signal.broadcast",
        instance_key=thrower.key if thrower else None,
        root_key=thrower.root_key if thrower else None,
        case_key=thrower.case_key if thrower else None,
        element_id=element_id,
        who=who,
        detail={"name": name, "signal_key": str(signal_key), "receivers": len(deliveries)},
    )
    return signal_key


def _waiting(unit: Unit, name: str, thrower: RunningInstance | None) -> list[dict[str, Any]]:
    table = instances.signal_subscriptions
    query = select(table).where(table.c.signal_name == name).order_by(table.c.key)
    if thrower is not None:
        query = query.where(table.c.instance_key != thrower.key)
    return [
        {
            "instance_key": row.instance_key,
            "subscription_key": row.key,
            "process_key": None,
            "element_id": row.element_id,
        }
        for row in unit.connection.execute(query)
    ]


def _starting(unit: Unit, name: str) -> list[dict[str, Any]]:
    table = definitions.start_events
    query = select(table).where(table.c.kind == "signal", table.c.name == name)
    return [
        {
            "instance_key": None,
            "subscription_key": None,
            "process_key": row.process_key,
            "element_id": row.element_id,
        }
        for row in unit.connection.execute(query.order_by(table.c.key))
    ]
