"""What operators see: running instances of a definition, one instance, batch operations and their failures."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from service.domain.errors import NotFoundError
from service.persistence.tables import batch_operations as batches
from service.persistence.tables import cases, definitions, instances
from service.reports.names import people_names
from service.reports.search.incident_paths import is_felt_at_instance

LISTED = 200
"""Instances on one page, the newest first; what is beyond them is operated with all of the version."""

SHOWN = 100
"""Batch operations on the page, the newest first, and failed items of one, the oldest first."""

INSIDE = ("PROCESS", "AD_HOC_SUB_PROCESS_INNER_INSTANCE")
"""Types of element instances that no diagram shows."""


@dataclass(frozen=True)
class RunningRow:
    """A running instance in the list.

    Attributes:
        has_incident: Whether it stands still, or an instance that it called.
        standing: Names of the elements that are active, each once.
    """

    key: int
    case_no: str | None
    title: str
    state: str
    has_incident: bool
    started_at: datetime
    is_called: bool
    standing: tuple[str, ...]


@dataclass(frozen=True)
class ActiveElement:
    """An active element instance."""

    key: int
    element_id: str
    name: str
    type: str


@dataclass(frozen=True)
class IncidentRow:
    """An incident that waits for an operator."""

    key: int
    element_id: str
    element_name: str
    error_type: str
    message: str
    english: str | None
    traditional: str | None
    created_at: datetime


@dataclass(frozen=True)
class InstancePage:
    """One instance as an operator sees it."""

    row: RunningRow
    process_key: int
    process_id: str
    process_name: str
    version: int
    suspended_at: datetime | None
    ended_at: datetime | None
    elements: Sequence[ActiveElement]
    incidents: Sequence[IncidentRow]


@dataclass(frozen=True)
class BatchRow:
    """A batch operation with the numbers of its items.

    Attributes:
        is_found: Whether all its items are found; until then `total` grows.
    """

    key: int
    kind: str
    state: str
    who: str
    created_at: datetime
    is_found: bool
    ended_at: datetime | None
    failure: str | None
    total: int
    done: int
    failed: int
    canceled: int

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in ("COMPLETED", "CANCELED", "FAILED")

    @property
    def share(self) -> int:
        """How much of it is through, 0 to 100."""
        through = self.done + self.failed + self.canceled
        return 100 * through // self.total if self.total else 100 * self.is_over


@dataclass(frozen=True)
class FailedItem:
    """An item that was refused, with its error as `usecases.batch_operations.work.told` has it."""

    item_key: int
    instance_key: int | None
    error: Mapping[str, Any]


def running(connection: Connection, process_key: int) -> tuple[RunningRow, ...]:
    """Return the running instances of one version of a process, the newest first, `LISTED` at most."""
    table = instances.process_instances
    query = _instances().where(_run(process_key)).order_by(table.c.key.desc()).limit(LISTED)
    return _rows(connection, connection.execute(query).all())


def count_running(connection: Connection, process_key: int) -> int:
    """Return how many instances of one version of a process run."""
    counted = select(func.count()).select_from(instances.process_instances)
    return int(connection.execute(counted.where(_run(process_key))).scalar_one())


def waits(connection: Connection, keys: Collection[int]) -> set[str]:
    """Return the ids of the elements that are active and of the events that are waited for."""
    return _waits(connection, lambda column: column.in_(keys))


def waits_of_all(connection: Connection, process_key: int) -> set[str]:
    """Return the same of all running instances of one version of a process."""
    running_keys = select(instances.process_instances.c.key).where(_run(process_key))
    return _waits(connection, lambda column: column.in_(running_keys))


def _waits(
    connection: Connection, of_them: Callable[[ColumnElement[int]], ColumnElement[bool]]
) -> set[str]:
    element = instances.element_instances
    found = set(
        connection.execute(
            select(element.c.element_id)
            .where(
                of_them(element.c.instance_key),
                element.c.state == "ACTIVE",
                element.c.type.not_in(INSIDE),
            )
            .distinct()
        ).scalars()
    )
    for table in (
        instances.timers,
        instances.message_subscriptions,
        instances.signal_subscriptions,
        instances.condition_subscriptions,
    ):
        query = select(table.c.element_id).where(of_them(table.c.instance_key)).distinct()
        if "state" in table.c:
            query = query.where(table.c.state.in_(("OPEN", "SUSPENDED")))
        found.update(connection.execute(query).scalars())
    return found


def _run(process_key: int) -> ColumnElement[bool]:
    table = instances.process_instances
    return and_(table.c.process_key == process_key, table.c.state.in_(("ACTIVE", "SUSPENDED")))


def instance(connection: Connection, key: int) -> InstancePage:
    """Return one instance.

    Raises:
        NotFoundError: There is none.
    """
    table, element = instances.process_instances, instances.element_instances
    row = connection.execute(_instances().where(table.c.key == key)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find a process instance '{key}', but there is none.", key=key
        )
    active = connection.execute(
        select(element)
        .where(
            element.c.instance_key == key,
            element.c.state == "ACTIVE",
            element.c.type.not_in(INSIDE),
        )
        .order_by(element.c.key)
    ).all()
    incident = instances.incidents
    stuck = connection.execute(
        select(incident, element.c.name.label("element_name"))
        .outerjoin(element, element.c.key == incident.c.element_instance_key)
        .where(incident.c.instance_key == key, incident.c.state == "ACTIVE")
        .order_by(incident.c.key)
    ).all()
    return InstancePage(
        row=_rows(connection, [row])[0],
        process_key=row.process_key,
        process_id=row.process_id,
        process_name=row.process_name or row.process_id,
        version=row.version,
        suspended_at=row.suspended_at,
        ended_at=row.ended_at,
        elements=[ActiveElement(e.key, e.element_id, e.name, e.type) for e in active],
        incidents=[
            IncidentRow(
                key=one.key,
                element_id=one.element_id,
                element_name=one.element_name or one.element_id,
                error_type=one.error_type,
                message=one.message,
                english=one.english,
                traditional=one.traditional,
                created_at=one.created_at,
            )
            for one in stuck
        ],
    )


def batch_operations(connection: Connection) -> tuple[BatchRow, ...]:
    """Return the last batch operations, the newest first."""
    query = _batches().order_by(batches.batch_operations.c.key.desc()).limit(SHOWN)
    return _batch_rows(connection, connection.execute(query).all())


def batch_operation(connection: Connection, key: int) -> BatchRow:
    """Return one batch operation.

    Raises:
        NotFoundError: There is none.
    """
    query = _batches().where(batches.batch_operations.c.key == key)
    rows = _batch_rows(connection, connection.execute(query).all())
    if not rows:
        raise NotFoundError(
            f"Expected to find a batch operation '{key}', but there is none.", key=key
        )
    return rows[0]


def failed_items(connection: Connection, key: int) -> tuple[FailedItem, ...]:
    """Return the first items that were refused, oldest first."""
    item = batches.batch_operation_items
    query = select(item).where(item.c.batch_key == key, item.c.state == "FAILED")
    rows = connection.execute(query.order_by(item.c.key).limit(SHOWN))
    return tuple(FailedItem(row.item_key, row.instance_key, row.error or {}) for row in rows)


def _instances() -> Select[Any]:
    table, case, process = (
        instances.process_instances,
        cases.cases,
        definitions.process_definitions,
    )
    columns = (column for column in table.c if column.name != "engine_state")
    return (
        select(
            *columns,
            is_felt_at_instance(table.c.key).label("feels_incident"),
            case.c.case_no,
            case.c.title,
            process.c.name.label("process_name"),
        )
        .outerjoin(case, case.c.key == table.c.case_key)
        .outerjoin(process, process.c.key == table.c.process_key)
    )


def _rows(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[RunningRow, ...]:
    element = instances.element_instances
    found = connection.execute(
        select(element.c.instance_key, element.c.name)
        .where(
            element.c.instance_key.in_([row.key for row in rows]),
            element.c.state == "ACTIVE",
            element.c.type.not_in((*INSIDE, "SUB_PROCESS", "MULTI_INSTANCE_BODY")),
        )
        .order_by(element.c.key)
    )
    standing: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for instance_key, name in found:
        standing[instance_key][name] = None
    return tuple(
        RunningRow(
            row.key,
            row.case_no,
            row.title or row.business_id or "",
            row.state,
            bool(row.feels_incident),
            row.started_at,
            row.parent_instance_key is not None,
            tuple(standing[row.key]),
        )
        for row in rows
    )


def _batches() -> Select[Any]:
    table, item = batches.batch_operations, batches.batch_operation_items

    def counted(*states: str) -> Any:
        query = select(func.count()).where(item.c.batch_key == table.c.key)
        query = query.where(item.c.state.in_(states)) if states else query
        return query.correlate(table).scalar_subquery()

    return select(
        table,
        counted().label("total"),
        counted("COMPLETED").label("done"),
        counted("FAILED").label("failed"),
        counted("CANCELED").label("canceled"),
    )


def _batch_rows(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[BatchRow, ...]:
    names = people_names(connection, {row.created_by for row in rows})
    return tuple(
        BatchRow(
            row.key,
            row.kind,
            row.state,
            names[row.created_by],
            row.created_at,
            row.started_at is not None,
            row.ended_at,
            row.failure,
            row.total,
            row.done,
            row.failed,
            row.canceled,
        )
        for row in rows
    )
