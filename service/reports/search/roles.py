"""Roles, the built-in ones and the house's own, as `/v2/roles` shows them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, String, literal, null, select, true, union_all

from service.identity import ROLES, Person
from service.persistence.tables.house import groups
from service.persistence.tables.rights import roles
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.json_columns import items_of
from service.reports.search.kinds import TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all

_built_in = [
    select(
        literal(role_id, String).label("role_id"),
        literal(name, String).label("name"),
        null().cast(String).label("description"),
    )
    for role_id, name in ROLES.items()
]
table = union_all(*_built_in, select(roles.c.role_id, roles.c.name, roles.c.description)).subquery()


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a role as the API's object."""
    return {"roleId": row.role_id, "name": row.name, "description": row.description}


def of_group(key: str) -> Condition:
    """Return the condition for the roles that a group holds."""
    return table.c.role_id.in_(items_of(groups, groups.c.roles).where(groups.c.key == key))


def _may_see(person: Person) -> ColumnElement[bool]:
    if sees_all(person) or person.is_granted("ROLE", "READ"):
        return true()
    return table.c.role_id.in_(sorted(person.roles | person.other_roles))


NOUN = Noun(
    name="role",
    source=table,
    columns=tuple(table.c),
    key=table.c.role_id,
    filters=Filters(
        {"roleId": Field(table.c.role_id, TEXT), "name": Field(table.c.name, TEXT)}, takes_or=True
    ),
    sorts={"roleId": table.c.role_id, "name": table.c.name},
    visible=_may_see,
    show=show,
)
