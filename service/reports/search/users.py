"""People and programs with an account, as `/v2/users` and the members of groups and roles show them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from service.identity import Person
from service.persistence.tables.house import memberships
from service.persistence.tables.house import people as table
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.json_columns import some_item
from service.reports.search.kinds import TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all
from service.reports.search.sql import has_identifier


def show(row: Row[Any]) -> dict[str, Any]:
    """Return somebody as the API's object."""
    return {"username": row.username, "name": row.name, "email": row.email}


def in_group(key: str) -> Condition:
    """Return the condition for the members of a group."""
    belongs = select(memberships.c.username).where(memberships.c.group_key == key)
    return table.c.username.in_(belongs)


def with_role(role_id: str) -> Condition:
    """Return the condition for who holds a role himself, not through a group."""
    return some_item(table.c.roles, lambda item: item == role_id)


_is_there = ~table.c.is_deleted & (table.c.is_active | has_identifier(table.c.username))
"""A user name that official clients cannot read makes them refuse the whole list it stands in. Accounts from
before such names were refused are left out once they are deactivated, which puts the lists right again."""


def _may_see(person: Person) -> ColumnElement[bool]:
    is_there = _is_there
    if sees_all(person) or person.is_granted("USER", "READ"):
        return is_there
    return is_there & (table.c.username == person.username)


NOUN = Noun(
    name="user",
    source=table,
    columns=(table.c.username, table.c.name, table.c.email),
    key=table.c.username,
    filters=Filters(
        {
            "username": Field(table.c.username, TEXT),
            "name": Field(table.c.name, TEXT),
            "email": Field(table.c.email, TEXT),
        },
        takes_or=True,
    ),
    sorts={"username": table.c.username, "name": table.c.name, "email": table.c.email},
    visible=_may_see,
    show=show,
)

MEMBERS = replace(
    NOUN,
    filters=Filters({}),
    sorts={"username": table.c.username},
    visible=lambda person: _is_there & ~table.c.is_program,
    show=lambda row: {"username": row.username},
)
"""The people of a group or role that the person may see."""

ROLE_MEMBERS = replace(MEMBERS, filters=Filters({"username": Field(table.c.username, TEXT)}))

CLIENTS = replace(
    MEMBERS,
    sorts={"clientId": table.c.username},
    visible=lambda person: _is_there & table.c.is_program,
    show=lambda row: {"clientId": row.username},
)
"""The programs of a group or role that the person may see."""

TENANT_MEMBERS = replace(MEMBERS, visible=lambda person: _may_see(person) & ~table.c.is_program)
TENANT_CLIENTS = replace(CLIENTS, visible=lambda person: _may_see(person) & table.c.is_program)
"""Of the only tenant, whose members all are: those that the person may see anyway."""
