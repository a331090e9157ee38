"""Where the instances of a case stand on their diagrams."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.persistence.tables import definitions, instances


@dataclass(frozen=True)
class DiagramState:
    """One instance on its diagram.

    Attributes:
        instance_key: The instance.
        process_key: Whose XML is drawn.
        state: `ACTIVE`, `COMPLETED` or `TERMINATED`.
        completed: Ids of elements that were done at least once and are not active now.
        active: Ids of elements that wait now.
        incidents: Ids of elements that stand still because of an incident.
        taken: Ids of the sequence flows that were taken.
        counts: How often an element was entered, where that is more than once.
    """

    instance_key: int
    process_key: int
    process_id: str
    name: str
    version: int
    state: str
    started_at: datetime
    completed: tuple[str, ...]
    active: tuple[str, ...]
    incidents: tuple[str, ...]
    taken: tuple[str, ...]
    counts: Mapping[str, int]


def of_instance(connection: Connection, instance_key: int) -> DiagramState | None:
    """Return where one instance stands, or None when there is no such instance."""
    table = instances.process_instances
    found = _states(connection, table.c.key == instance_key)
    return found[0] if found else None


def of_tree(connection: Connection, root_key: int) -> tuple[DiagramState, ...]:
    """Return where an instance and everything it called stand, in the order they began."""
    return _states(connection, instances.process_instances.c.root_key == root_key)


def _states(connection: Connection, condition: Any) -> tuple[DiagramState, ...]:
    table, process = instances.process_instances, definitions.process_definitions
    rows = connection.execute(
        select(table, process.c.name)
        .outerjoin(process, process.c.key == table.c.process_key)
        .where(condition)
        .order_by(table.c.key)
    ).all()
    keys = [row.key for row in rows]
    elements = _elements(connection, keys)
    flows = _flows(connection, keys)
    return tuple(_state(row, elements[row.key], flows[row.key]) for row in rows)


def _state(row: Row[Any], elements: Sequence[Any], flows: Sequence[str]) -> DiagramState:
    active = {e.element_id for e in elements if e.state == "ACTIVE"}
    done = {e.element_id for e in elements if e.state == "COMPLETED"} - active
    times: defaultdict[str, int] = defaultdict(int)
    for element in elements:
        times[element.element_id] += 1
    return DiagramState(
        instance_key=row.key,
        process_key=row.process_key,
        process_id=row.process_id,
        name=row.name or row.process_id,
        version=row.version,
        state=row.state,
        started_at=row.started_at,
        completed=tuple(sorted(done)),
        active=tuple(sorted(active)),
        incidents=tuple(sorted({e.element_id for e in elements if e.incident_key is not None})),
        taken=tuple(flows),
        counts={element_id: count for element_id, count in sorted(times.items()) if count > 1},
    )


def _elements(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[Any]]:
    table = instances.element_instances
    query = select(
        table.c.instance_key, table.c.element_id, table.c.state, table.c.incident_key
    ).where(table.c.instance_key.in_(keys), table.c.type != "PROCESS")
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.instance_key].append(row)
    return found


def _flows(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[str]]:
    table = instances.taken_flows
    query = select(table.c.instance_key, table.c.flow_id).where(table.c.instance_key.in_(keys))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.flow_id)):
        found[row.instance_key].append(row.flow_id)
    return found
