"""The files that were deployed and the definitions in them: XML, DMN, forms, as they came."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from service.domain.errors import NotFoundError
from service.persistence.tables import definitions
from service.reports.search.wire import TENANT, key_text


@dataclass(frozen=True)
class DeployedFile:
    """One definition with the file it came in.

    Attributes:
        kind: `process definition`, `decision requirements` or `form`.
        id: Its own id: process id, requirements id, form id.
    """

    kind: str
    key: int
    id: str
    version: int
    version_tag: str | None
    resource_name: str
    content: bytes


_TABLES: tuple[tuple[str, Table, str], ...] = (
    ("process definition", definitions.process_definitions, "process_id"),
    ("decision requirements", definitions.decision_requirements, "requirements_id"),
    ("form", definitions.forms, "form_id"),
)


def process_file(connection: Connection, key: int) -> DeployedFile:
    """Return the BPMN file of a process definition.

    Raises:
        NotFoundError: There is none of that key.
    """
    return _required(connection, "process definition", key)


def requirements_file(connection: Connection, key: int) -> DeployedFile:
    """Return the DMN file of decision requirements.

    Raises:
        NotFoundError: There is none of that key.
    """
    return _required(connection, "decision requirements", key)


def decision_file(connection: Connection, key: int) -> DeployedFile:
    """Return the DMN file a decision definition stands in.

    Raises:
        NotFoundError: There is none of that key.
    """
    table = definitions.decision_definitions
    query = select(table.c.requirements_key).where(table.c.key == key)
    requirements_key = connection.execute(query).scalar_one_or_none()
    if requirements_key is None:
        raise _missing("decision definition", key)
    return requirements_file(connection, requirements_key)


def form_file(connection: Connection, key: int) -> DeployedFile:
    """Return the file of a form.

    Raises:
        NotFoundError: There is none of that key.
    """
    return _required(connection, "form", key)


def start_form(connection: Connection, process_key: int) -> DeployedFile | None:
    """Return the form that starts a process, in its latest version; None when it has none.

    Raises:
        NotFoundError: There is no such process, or its form is not deployed.
    """
    process, form = definitions.process_definitions, definitions.forms
    row = connection.execute(
        select(process.c.start_form_id).where(process.c.key == process_key)
    ).first()
    if row is None:
        raise _missing("process definition", process_key)
    if row.start_form_id is None:
        return None
    query = select(form.c.key).where(form.c.form_id == row.start_form_id, form.c.is_latest)
    key = connection.execute(query).scalar_one_or_none()
    if key is None:
        raise NotFoundError(
            f"Expected form '{row.start_form_id}' to be deployed, but it is not.",
            form_id=row.start_form_id,
        )
    return form_file(connection, key)


def show_form(file: DeployedFile) -> dict[str, Any]:
    """Return a form as the API's object, its schema as JSON text."""
    return {
        "tenantId": TENANT,
        "formId": file.id,
        "schema": file.content.decode(),
        "version": file.version,
        "formKey": key_text(file.key),
    }


def _required(connection: Connection, kind: str, key: int) -> DeployedFile:
    found = _find(connection, kind, key)
    if found is None:
        raise _missing(kind, key)
    return found


def _find(connection: Connection, kind: str, key: int) -> DeployedFile | None:
    table, id_column = next((table, name) for known, table, name in _TABLES if known == kind)
    resource = definitions.resources
    row = connection.execute(
        select(table, resource.c.content)
        .join(resource, resource.c.key == table.c.resource_key)
        .where(table.c.key == key)
    ).first()
    if row is None:
        return None
    found = row._mapping
    return DeployedFile(
        kind=kind,
        key=row.key,
        id=found[id_column],
        version=row.version,
        version_tag=found.get("version_tag"),
        resource_name=row.resource_name,
        content=row.content,
    )


def _missing(kind: str, key: int) -> NotFoundError:
    return NotFoundError(f"Expected to find a {kind} with key '{key}', but there is none.", key=key)
