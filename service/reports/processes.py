"""What is deployed: processes, decisions, forms, in all versions, with what runs of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, or_, select

from service.identity import Person, policy
from service.persistence.tables import definitions, instances
from service.reports.search.incident_paths import is_felt_at_instance


@dataclass(frozen=True)
class Startable:
    """A process that somebody may start by hand."""

    process_id: str
    name: str
    version: int


@dataclass(frozen=True)
class DefinitionRow:
    """One version of a process, a decision or a form.

    Attributes:
        id: Process, decision or form id.
        running: Running instances of this version; 0 of decisions and forms.
        incidents: Those of them that stand still, or that called one which does.
    """

    key: int
    id: str
    name: str
    version: int
    version_tag: str | None
    is_latest: bool
    resource_name: str
    deployed_at: datetime
    running: int = 0
    incidents: int = 0


@dataclass(frozen=True)
class Counts:
    """How many processes, decisions and forms are deployed, versions not counted."""

    processes: int
    decisions: int
    forms: int


def startable(connection: Connection, person: Person) -> tuple[Startable, ...]:
    """Return the processes that somebody may start by hand, by name: `startGroups` decides."""
    table = definitions.process_definitions
    query = select(table).where(table.c.is_latest, table.c.state == "ACTIVE")
    found = []
    for row in connection.execute(query.order_by(table.c.name, table.c.process_id)):
        named = str(row.properties.get("startGroups", "")).split(",")
        groups = [group.strip() for group in named if group.strip()]
        if policy.may_start_process(person, groups, row.process_id):
            found.append(Startable(row.process_id, row.name or row.process_id, row.version))
    return tuple(found)


def counts(connection: Connection) -> Counts:
    """Return how much is deployed."""
    tables = (definitions.process_definitions, definitions.decision_definitions, definitions.forms)
    return Counts(
        *(
            connection.execute(select(func.count()).where(table.c.is_latest)).scalar_one()
            for table in tables
        )
    )


def processes(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return the latest version of every process, by name; counts are over all versions."""
    table = definitions.process_definitions
    running = _running(connection, instances.process_instances.c.process_id)
    query = _process_versions().where(table.c.is_latest).order_by(table.c.name)
    return tuple(
        _definition(row, *running.get(row.id, (0, 0))) for row in connection.execute(query)
    )


def process_versions(
    connection: Connection, process_id: str, shown: int | None = None
) -> tuple[DefinitionRow, ...]:
    """Return all versions of a process that were not deleted, newest first, with what runs of each.

    Args:
        shown: Of the version that is looked at, which is there also when it was deleted.
    """
    table = definitions.process_definitions
    running = _running(connection, instances.process_instances.c.process_key)
    query = _process_versions().where(table.c.process_id == process_id, _is_kept(table, shown))
    return tuple(
        _definition(row, *running.get(row.key, (0, 0)))
        for row in connection.execute(query.order_by(table.c.version.desc()))
    )


def decisions(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return the latest version of every decision, by name."""
    table = definitions.decision_definitions
    query = _decision_versions().where(table.c.is_latest).order_by(table.c.name)
    return tuple(_definition(row) for row in connection.execute(query))


def decision_versions(
    connection: Connection, decision_id: str, shown: int | None = None
) -> tuple[DefinitionRow, ...]:
    """Return all versions of a decision that were not deleted, newest first; `shown` as of processes."""
    table = definitions.decision_definitions
    query = _decision_versions().where(table.c.decision_id == decision_id, _is_kept(table, shown))
    found = connection.execute(query.order_by(table.c.version.desc()))
    return tuple(_definition(row) for row in found)


def forms(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return the latest version of every form, by id."""
    table = definitions.forms
    query = _form_versions().where(table.c.is_latest).order_by(table.c.form_id)
    return tuple(_definition(row) for row in connection.execute(query))


def form_versions(
    connection: Connection, form_id: str, shown: int | None = None
) -> tuple[DefinitionRow, ...]:
    """Return all versions of a form that were not deleted, newest first; `shown` as of processes."""
    table = definitions.forms
    query = _form_versions().where(table.c.form_id == form_id, _is_kept(table, shown))
    found = connection.execute(query.order_by(table.c.version.desc()))
    return tuple(_definition(row) for row in found)


def _is_kept(table: Table, shown: int | None) -> ColumnElement[bool]:
    """Return the condition for versions that were not deleted, or are looked at; one that drains still runs."""
    return or_(table.c.state != "DELETED", table.c.key == shown)


def _process_versions() -> Select[Any]:
    table = definitions.process_definitions
    return select(
        table.c.key,
        table.c.process_id.label("id"),
        table.c.name,
        table.c.version,
        table.c.version_tag,
        table.c.is_latest,
        table.c.resource_name,
        table.c.deployed_at,
    )


def _decision_versions() -> Select[Any]:
    table, drd = definitions.decision_definitions, definitions.decision_requirements
    deployment = definitions.deployments
    return (
        select(
            table.c.key,
            table.c.decision_id.label("id"),
            table.c.name,
            table.c.version,
            table.c.version_tag,
            table.c.is_latest,
            drd.c.resource_name,
            deployment.c.deployed_at,
        )
        .join(drd, drd.c.key == table.c.requirements_key)
        .join(deployment, deployment.c.key == table.c.deployment_key)
    )


def _form_versions() -> Select[Any]:
    table, deployment = definitions.forms, definitions.deployments
    return select(
        table.c.key,
        table.c.form_id.label("id"),
        table.c.form_id.label("name"),
        table.c.version,
        table.c.version_tag,
        table.c.is_latest,
        table.c.resource_name,
        deployment.c.deployed_at,
    ).join(deployment, deployment.c.key == table.c.deployment_key)


def _definition(row: Row[Any], running: int = 0, incidents: int = 0) -> DefinitionRow:
    return DefinitionRow(
        key=row.key,
        id=row.id,
        name=row.name or row.id,
        version=row.version,
        version_tag=row.version_tag,
        is_latest=row.is_latest,
        resource_name=row.resource_name,
        deployed_at=row.deployed_at,
        running=running,
        incidents=incidents,
    )


def _running(connection: Connection, by: Any) -> dict[Any, tuple[int, int]]:
    """Return running instances and those with an incident, grouped by a column."""
    table = instances.process_instances
    query = (
        select(by, func.count(), func.count().filter(is_felt_at_instance(table.c.key)))
        .where(table.c.state.in_(("ACTIVE", "SUSPENDED")))
        .group_by(by)
    )
    return {name: (running, stuck) for name, running, stuck in connection.execute(query)}
