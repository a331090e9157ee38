"""What an instance called and what called it: where an operator goes on who looks for what stands still."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.persistence.tables import definitions, instances
from service.reports.search.incident_paths import is_felt_at_instance

LISTED = 50
"""Called instances on the page of their caller, those that an incident holds up first, then those that run."""

_instance, _process = instances.process_instances, definitions.process_definitions


@dataclass(frozen=True)
class Caller:
    """The instance that called another, and the element that waits for it."""

    key: int
    process_name: str
    element_name: str


@dataclass(frozen=True)
class Called:
    """An instance that another called.

    Attributes:
        state: `ACTIVE`, `SUSPENDED`, `COMPLETED` or `TERMINATED`.
        has_incident: Whether it stands still, or what it called in turn.
        element_name: The call activity.
    """

    key: int
    process_name: str
    element_name: str
    state: str
    has_incident: bool
    started_at: datetime


@dataclass(frozen=True)
class Calls:
    """The calls around an instance.

    Attributes:
        called: `LISTED` at most.
        count: How many there are of them.
    """

    caller: Caller | None
    called: tuple[Called, ...]
    count: int


def of_instance(connection: Connection, key: int) -> Calls:
    """Return what called an instance and what it called itself."""
    return Calls(_caller(connection, key), *_called(connection, key))


def _caller(connection: Connection, key: int) -> Caller | None:
    called, element = _instance.alias(), instances.element_instances
    row = connection.execute(
        select(
            _instance.c.key,
            func.coalesce(_process.c.name, _instance.c.process_id).label("process_name"),
            element.c.name.label("element_name"),
            element.c.element_id,
        )
        .join(called, called.c.parent_instance_key == _instance.c.key)
        .outerjoin(_process, _process.c.key == _instance.c.process_key)
        .outerjoin(element, element.c.key == called.c.parent_element_instance_key)
        .where(called.c.key == key)
    ).one_or_none()
    return row and Caller(row.key, row.process_name, row.element_name or row.element_id or "")


def _called(connection: Connection, key: int) -> tuple[tuple[Called, ...], int]:
    element, felt = instances.element_instances, is_felt_at_instance(_instance.c.key)
    is_called = _instance.c.parent_instance_key == key
    rows = connection.execute(
        select(
            _instance.c.key,
            _instance.c.state,
            _instance.c.started_at,
            func.coalesce(_process.c.name, _instance.c.process_id).label("process_name"),
            element.c.name.label("element_name"),
            element.c.element_id,
            felt.label("has_incident"),
        )
        .outerjoin(_process, _process.c.key == _instance.c.process_key)
        .outerjoin(element, element.c.key == _instance.c.parent_element_instance_key)
        .where(is_called)
        .order_by(felt.desc(), _instance.c.ended_at.is_not(None), _instance.c.key.desc())
        .limit(LISTED)
    ).all()
    count = connection.execute(select(func.count()).where(is_called)).scalar_one()
    return (
        tuple(
            Called(
                row.key,
                row.process_name,
                row.element_name or row.element_id or "",
                row.state,
                bool(row.has_incident),
                row.started_at,
            )
            for row in rows
        ),
        int(count),
    )
