"""Deployed files that are neither processes, decisions nor forms, as `/v2/resources` shows them."""

from typing import Any

from sqlalchemy import Connection, Row, String, literal, select

from service.identity import Person
from service.persistence.tables.definitions import generic_resources as table
from service.persistence.tables.definitions import resources as files
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import INTEGER, KEY, TEXT
from service.reports.search.noun import Noun
from service.reports.search.nouns import row_of
from service.reports.search.rights import everybody
from service.reports.search.wire import TENANT, key_text


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a deployed file as the API's object."""
    return {
        "resourceName": row.resource_name,
        "version": row.version,
        "versionTag": row.version_tag,
        "resourceId": row.resource_id,
        "tenantId": TENANT,
        "resourceKey": key_text(row.key),
    }


def content_of(connection: Connection, person: Person, key: int) -> tuple[str, bytes]:
    """Return name and content of a file, as it was deployed.

    Raises:
        NotFoundError: There is none of that key.
    """
    row = row_of(connection, person, NOUN, key)
    content = select(files.c.content).where(files.c.key == row.resource_key)
    return row.resource_name, connection.execute(content).scalar_one()


def _is_there(person: Person) -> Condition:
    return everybody(person) & (table.c.state == "ACTIVE")


_FIELDS = {
    "resourceKey": (table.c.key, KEY),
    "resourceName": (table.c.resource_name, TEXT),
    "resourceId": (table.c.resource_id, TEXT),
    "version": (table.c.version, INTEGER),
    "versionTag": (table.c.version_tag, TEXT),
    "deploymentKey": (table.c.deployment_key, KEY),
    "tenantId": (literal(TENANT, String), TEXT.exactly()),
}

NOUN = Noun(
    name="resource",
    source=table,
    columns=tuple(table.c),
    key=table.c.key,
    filters=Filters({name: Field(column, kind) for name, (column, kind) in _FIELDS.items()}),
    sorts={name: column for name, (column, _kind) in _FIELDS.items()},
    visible=_is_there,
    show=show,
)
