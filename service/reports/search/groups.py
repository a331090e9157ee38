"""Groups, as `/v2/groups` shows them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, true

from service.identity import Person
from service.persistence.tables.house import groups as table
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.json_columns import some_item
from service.reports.search.kinds import TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a group as the API's object."""
    return {"groupId": row.key, "name": row.name, "description": row.description}


def with_role(role_id: str) -> Condition:
    """Return the condition for groups that hold a role."""
    return some_item(table.c.roles, lambda item: item == role_id)


def _may_see(person: Person) -> ColumnElement[bool]:
    if sees_all(person) or person.is_granted("GROUP", "READ"):
        return true()
    return table.c.key.in_(sorted(person.groups))


NOUN = Noun(
    name="group",
    source=table,
    columns=(table.c.key, table.c.name, table.c.description),
    key=table.c.key,
    filters=Filters(
        {"groupId": Field(table.c.key, TEXT), "name": Field(table.c.name, TEXT)}, takes_or=True
    ),
    sorts={"groupId": table.c.key, "name": table.c.name},
    visible=_may_see,
    show=show,
)

HOLDERS = replace(
    NOUN,
    filters=Filters({}),
    sorts={"groupId": table.c.key},
    visible=lambda person: true(),
    show=lambda row: {"groupId": row.key},
)
"""The groups that hold a role the person may see."""

TENANT_MEMBERS = replace(HOLDERS, visible=_may_see)
"""The groups of the only tenant that the person may see."""
