"""Process definitions, as `/v2/process-definitions` shows them."""

from typing import Any

from sqlalchemy import Row, exists, literal, or_

from service.identity import Person
from service.persistence.tables import instances
from service.persistence.tables.definitions import process_definitions as table
from service.reports.search.conditions import Condition, Field, Filters, only_if
from service.reports.search.kinds import FLAG, INTEGER, KEY, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.rights import everybody
from service.reports.search.wire import TENANT, key_text

_instance = instances.process_instances


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a process definition as the API's object."""
    return {
        "name": row.name,
        "resourceName": row.resource_name,
        "version": row.version,
        "versionTag": row.version_tag,
        "processDefinitionId": row.process_id,
        "tenantId": TENANT,
        "processDefinitionKey": key_text(row.key),
        "hasStartForm": row.start_form_id is not None,
        "state": row.state,
    }


def _is_shown(person: Person) -> Condition:
    """A deleted one is shown, as its history is, until that has gone, too."""
    has_history = exists().where(_instance.c.process_key == table.c.key)
    is_left = or_(table.c.state != "DELETED", table.c.purged_by.is_(None), has_history)
    return everybody(person) & is_left


NOUN = Noun(
    name="process definition",
    source=table,
    columns=tuple(table.c),
    key=table.c.key,
    filters=Filters(
        {
            "name": Field(table.c.name, TEXT),
            "isLatestVersion": only_if(table.c.is_latest),
            "resourceName": Field(table.c.resource_name, TEXT.exactly()),
            "version": Field(table.c.version, INTEGER.exactly()),
            "versionTag": Field(table.c.version_tag, TEXT.exactly()),
            "processDefinitionId": Field(table.c.process_id, TEXT),
            "tenantId": Field(literal(TENANT), TEXT.exactly()),
            "processDefinitionKey": Field(table.c.key, KEY.exactly()),
            "hasStartForm": Field(table.c.start_form_id.is_not(None), FLAG),
            "state": Field(table.c.state, one_of("ACTIVE DRAINING DELETED").exactly()),
        }
    ),
    sorts={
        "name": table.c.name,
        "processDefinitionId": table.c.process_id,
        "processDefinitionKey": table.c.key,
        "resourceName": table.c.resource_name,
        "tenantId": literal(TENANT),
        "version": table.c.version,
        "versionTag": table.c.version_tag,
    },
    visible=_is_shown,
    show=show,
)
