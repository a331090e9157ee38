"""Authorizations, as `/v2/authorizations` shows them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, false, null, or_, true

from service.identity import Person
from service.identity.grants import HONOURED
from service.persistence.grants import owners_of
from service.persistence.tables.rights import authorizations as table
from service.reports.search.conditions import Condition, Field, Filters, Special, listed
from service.reports.search.kinds import TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all
from service.reports.search.wire import key_text

OWNER_KIND = one_of("CLIENT GROUP MAPPING_RULE ROLE UNSPECIFIED USER")
RESOURCE_KIND = one_of(" ".join(sorted({*HONOURED, "BACKUP", "EXPORTER", "SECRET"})))


def show(row: Row[Any]) -> dict[str, Any]:
    """Return an authorization as the API's object."""
    return {
        "ownerId": row.owner_id,
        "ownerType": row.owner_type,
        "resourceType": row.resource_type,
        "resourceId": row.resource_id,
        "resourcePropertyName": None,
        "permissionTypes": row.permission_types,
        "authorizationKey": key_text(row.key),
    }


def _among(column: ColumnElement[Any]) -> Special:
    def condition(given: Any, path: str) -> Condition:
        return column.in_([TEXT.value(one, path) for one in listed(given, path)])

    return Special(condition, TEXT.exactly(), is_list=True)


def _of_property(given: Any, path: str) -> Condition:
    """No record names a property: only the empty list asks for nothing."""
    return false() if listed(given, path) else true()


def _may_see(person: Person) -> ColumnElement[bool]:
    if sees_all(person) or person.is_granted("AUTHORIZATION", "READ"):
        return true()
    return false()


def _is_his(person: Person) -> ColumnElement[bool]:
    return or_(
        *(
            (table.c.owner_type == kind) & (table.c.owner_id == id_)
            for kind, id_ in owners_of(person)
        )
    )


NOUN = Noun(
    name="authorization",
    source=table,
    columns=tuple(table.c),
    key=table.c.key,
    filters=Filters(
        {
            "ownerId": Field(table.c.owner_id, TEXT.exactly()),
            "ownerType": Field(table.c.owner_type, OWNER_KIND.exactly()),
            "resourceIds": _among(table.c.resource_id),
            "resourcePropertyNames": Special(_of_property, TEXT.exactly(), is_list=True),
            "resourceType": Field(table.c.resource_type, RESOURCE_KIND.exactly()),
        }
    ),
    sorts={
        "ownerId": table.c.owner_id,
        "ownerType": table.c.owner_type,
        "resourceId": table.c.resource_id,
        "resourcePropertyName": cast(null(), Text),
        "resourceType": table.c.resource_type,
    },
    visible=_may_see,
    show=show,
)

OWN = replace(NOUN, visible=_is_his)
"""Those that count for who asks: his own, his groups', his roles'."""
