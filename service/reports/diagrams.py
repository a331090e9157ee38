"""Where the instances of a case stand on their diagrams."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from service.persistence.tables import definitions, instances, tasks
from service.reports.names import group_names, people_names
from service.reports.search.incident_paths import is_felt_at_instance


@dataclass(frozen=True)
class ElementState:
    """One element of an instance that was reached, its last time where there were several.

    Attributes:
        state: `ACTIVE`, `SUSPENDED`, `COMPLETED` or `TERMINATED`.
        people: Names of those who did it or have it; of an unclaimed task the groups that may take it.
        times: How often it was entered.
    """

    state: str
    started_at: datetime
    ended_at: datetime | None
    people: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class DiagramState:
    """One instance on its diagram.

    Attributes:
        instance_key: The instance.
        process_key: Whose XML is drawn.
        state: `ACTIVE`, `COMPLETED` or `TERMINATED`.
        completed: Ids of elements that were done at least once and are not active now.
        active: Ids of elements that wait now.
        incidents: Ids of elements that stand still because of an incident, and of those that wait for a called
            instance which does.
        taken: Ids of the sequence flows that were taken.
        counts: How often an element was entered, where that is more than once.
        elements: Each element that was reached, by its id.
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
    elements: Mapping[str, ElementState]


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
    stuck = _stuck_calls(connection, keys)
    flows = _flows(connection, keys)
    people = _people(connection, keys)
    return tuple(
        _state(row, elements[row.key], stuck, flows[row.key], people[row.key]) for row in rows
    )


def _state(
    row: Row[Any],
    elements: Sequence[Any],
    stuck: Collection[int],
    flows: Sequence[str],
    people: Mapping[str, tuple[str, ...]],
) -> DiagramState:
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
        incidents=tuple(
            sorted({e.element_id for e in elements if e.incident_key is not None or e.key in stuck})
        ),
        taken=tuple(flows),
        counts={element_id: count for element_id, count in sorted(times.items()) if count > 1},
        elements={
            element.element_id: ElementState(
                state="ACTIVE" if element.element_id in active else element.state,
                started_at=element.started_at,
                ended_at=None if element.element_id in active else element.ended_at,
                people=people.get(element.element_id, ()),
                times=times[element.element_id],
            )
            for element in elements
        },
    )


def _elements(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[Any]]:
    table = instances.element_instances
    query = select(
        table.c.key,
        table.c.instance_key,
        table.c.element_id,
        table.c.state,
        table.c.incident_key,
        table.c.started_at,
        table.c.ended_at,
    ).where(table.c.instance_key.in_(keys), table.c.type != "PROCESS")
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.key)):
        found[row.instance_key].append(row)
    return found


def _stuck_calls(connection: Connection, keys: Sequence[int]) -> set[int]:
    """Return the keys of the call activities of some instances that an incident further down holds up."""
    called = instances.process_instances
    query = select(called.c.parent_element_instance_key).where(
        called.c.parent_instance_key.in_(keys), is_felt_at_instance(called.c.key)
    )
    return set(connection.execute(query).scalars())


def _people(
    connection: Connection, keys: Sequence[int]
) -> defaultdict[int, dict[str, tuple[str, ...]]]:
    """Return instance → element → who did or has its user tasks; canceled ones are left out."""
    table = tasks.user_tasks
    query = select(table).where(table.c.instance_key.in_(keys), table.c.state != "CANCELED")
    rows = connection.execute(query.order_by(table.c.key)).all()
    named = {name for row in rows for name in (row.completed_by or row.assignee,) if name}
    people = people_names(connection, named | {n for row in rows for n in row.candidate_users})
    groups = group_names(connection, {key for row in rows for key in row.candidate_groups})
    found: defaultdict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in rows:
        who = row.completed_by or row.assignee
        names = (
            (people[who],)
            if who
            else (
                *(groups[key] for key in row.candidate_groups),
                *(people[name] for name in row.candidate_users),
            )
        )
        before = found[row.instance_key].get(row.element_id, ())
        found[row.instance_key][row.element_id] = tuple(dict.fromkeys((*before, *names)))
    return found


def _flows(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[str]]:
    table = instances.taken_flows
    query = select(table.c.instance_key, table.c.flow_id).where(table.c.instance_key.in_(keys))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.flow_id)):
        found[row.instance_key].append(row.flow_id)
    return found
