"""What is deployed: processes, decisions, forms, in all versions, with what runs of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from service.domain.errors import NotFoundError
from service.identity import Person, policy
from service.persistence.tables import definitions, instances


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
        incidents: Those of them that stand still.
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


@dataclass(frozen=True)
class Source:
    """The file of a definition."""

    name: str
    content: bytes


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


def process_versions(connection: Connection, process_id: str) -> tuple[DefinitionRow, ...]:
    """Return all versions of a process that were not deleted, newest first, with what runs of each."""
    table = definitions.process_definitions
    running = _running(connection, instances.process_instances.c.process_key)
    query = _process_versions().where(table.c.process_id == process_id, _is_kept(table))
    return tuple(
        _definition(row, *running.get(row.key, (0, 0)))
        for row in connection.execute(query.order_by(table.c.version.desc()))
    )


def decisions(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return the latest version of every decision, by name."""
    table = definitions.decision_definitions
    query = _decision_versions().where(table.c.is_latest).order_by(table.c.name)
    return tuple(_definition(row) for row in connection.execute(query))


def decision_versions(connection: Connection, decision_id: str) -> tuple[DefinitionRow, ...]:
    """Return all versions of a decision that were not deleted, newest first."""
    table = definitions.decision_definitions
    query = _decision_versions().where(table.c.decision_id == decision_id, _is_kept(table))
    found = connection.execute(query.order_by(table.c.version.desc()))
    return tuple(_definition(row) for row in found)


def forms(connection: Connection) -> tuple[DefinitionRow, ...]:
    """Return the latest version of every form, by id."""
    table = definitions.forms
    query = _form_versions().where(table.c.is_latest).order_by(table.c.form_id)
    return tuple(_definition(row) for row in connection.execute(query))


def form_versions(connection: Connection, form_id: str) -> tuple[DefinitionRow, ...]:
    """Return all versions of a form that were not deleted, newest first."""
    table = definitions.forms
    query = _form_versions().where(table.c.form_id == form_id, _is_kept(table))
    found = connection.execute(query.order_by(table.c.version.desc()))
    return tuple(_definition(row) for row in found)


def _is_kept(table: Table) -> ColumnElement[bool]:
    """Return the condition for versions that were not deleted; one that drains still runs."""
    return table.c.state != "DELETED"


def process_source(connection: Connection, key: int) -> Source:
    """Return the BPMN file of a process definition.

    Raises:
        NotFoundError: There is none with that key.
    """
    return _source(connection, definitions.process_definitions, key)


def decision_source(connection: Connection, key: int) -> Source:
    """Return the DMN file of a decision definition.

    Raises:
        NotFoundError: There is none with that key.
    """
    table = definitions.decision_definitions
    query = select(table.c.requirements_key).where(table.c.key == key)
    requirements_key = connection.execute(query).scalar_one_or_none()
    if requirements_key is None:
        raise _unknown(key)
    return _source(connection, definitions.decision_requirements, requirements_key)


def form_source(connection: Connection, key: int) -> Source:
    """Return the file of a form.

    Raises:
        NotFoundError: There is none with that key.
    """
    return _source(connection, definitions.forms, key)


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
        select(by, func.count(), func.count().filter(table.c.has_incident))
        .where(table.c.state.in_(("ACTIVE", "SUSPENDED")))
        .group_by(by)
    )
    return {name: (running, stuck) for name, running, stuck in connection.execute(query)}


def _source(connection: Connection, table: Table, key: int) -> Source:
    resource = definitions.resources
    row: Sequence[Any] | None = connection.execute(
        select(resource.c.name, resource.c.content)
        .join(table, table.c.resource_key == resource.c.key)
        .where(table.c.key == key)
    ).one_or_none()
    if row is None:
        raise _unknown(key)
    return Source(row[0], row[1])


def _unknown(key: int) -> NotFoundError:
    return NotFoundError(f"Expected to find a definition '{key}', but there is none.", key=key)
