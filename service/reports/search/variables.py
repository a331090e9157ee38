"""Variables, as `/v2/variables` and the tasks' own searches show them: values are JSON text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Text, cast, func, literal, null, select, true

from service.identity import Person
from service.persistence.tables import instances
from service.reports.search import process_instances
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import FLAG, KEY, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.nouns import row_of
from service.reports.search.reach import part_of
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text

table = instances.variables

SHOWN_CHARACTERS = 8192
"""Characters of a value that a search shows unless it is asked for all."""

_is_long = func.length(table.c.value) > SHOWN_CHARACTERS


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a variable as the API's object, its value whole."""
    return {
        "value": row.value,
        "isTruncated": False,
        "name": row.name,
        "tenantId": TENANT,
        "variableKey": key_text(row.key),
        "scopeKey": key_text(row.scope_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "metadata": None,
    }


def show_one(row: Row[Any]) -> dict[str, Any]:
    """Return the variable that was asked for by its key: whole, so nothing is said of its length."""
    return {name: value for name, value in show(row).items() if name != "isTruncated"}


def show_cut(row: Row[Any]) -> dict[str, Any]:
    """Return a variable as the API's object, its value cut at `SHOWN_CHARACTERS`."""
    cut = row.value[:SHOWN_CHARACTERS]
    return {**show(row), "value": cut, "isTruncated": len(row.value) > SHOWN_CHARACTERS}


def in_scopes(scope_keys: Sequence[int]) -> Condition:
    """Return the condition for the variables of these scopes."""
    return table.c.scope_key.in_(list(scope_keys))


def with_keys(keys: Sequence[int]) -> Condition:
    """Return the condition for the variables of these keys."""
    return table.c.key.in_(list(keys))


NOUN = Noun(
    name="variable",
    source=table,
    columns=tuple(table.c),
    key=table.c.key,
    filters=Filters(
        {
            "name": Field(table.c.name, TEXT),
            "value": Field(table.c.value, TEXT),
            "tenantId": Field(literal(TENANT), TEXT.exactly()),
            "isTruncated": Field(_is_long, FLAG),
            "protectionMode": Field(cast(null(), Text), one_of("REDACT")),
            "variableKey": Field(table.c.key, KEY),
            "scopeKey": Field(table.c.scope_key, KEY),
            "processInstanceKey": Field(table.c.instance_key, KEY),
        }
    ),
    sorts={
        "name": table.c.name,
        "processInstanceKey": table.c.instance_key,
        "scopeKey": table.c.scope_key,
        "tenantId": literal(TENANT),
        "value": table.c.value,
        "variableKey": table.c.key,
    },
    visible=lambda person: may_see_part_of(person, table.c.instance_key),
    reach=part_of(table.c.instance_key, "scopeKey", "variableKey"),
    show=show_cut,
)

ONE = replace(NOUN, show=show_one)
WHOLE_NOUN = replace(NOUN, show=show)
"""The same, with whole values (`truncateValues=false`)."""


def of_visible_task(*, whole: bool) -> Noun:
    """Return the noun for the variables of a task that was found visible: no rights are asked again."""
    return replace(WHOLE_NOUN if whole else NOUN, visible=lambda person: true())


def scopes_of(connection: Connection, instance_key: int, element_instance_key: int) -> list[int]:
    """Return the scopes that an element instance sees, active or ended, the innermost first."""
    element = instances.element_instances
    query = select(element.c.key, element.c.scope_key).where(element.c.instance_key == instance_key)
    outer_by_key = {row.key: row.scope_key for row in connection.execute(query)}
    chain = [element_instance_key]
    while chain[-1] != instance_key and len(chain) <= len(outer_by_key):
        chain.append(outer_by_key.get(chain[-1], instance_key))
    return chain


def effective_keys(connection: Connection, scopes: Sequence[int]) -> list[int]:
    """Return the keys of the variables that are seen in a chain of scopes: the innermost of each name."""
    query = select(table.c.name, table.c.scope_key, table.c.key).where(in_scopes(scopes))
    rows = sorted(connection.execute(query), key=lambda row: scopes.index(row.scope_key))
    key_by_name: dict[str, int] = {}
    for row in rows:
        key_by_name.setdefault(row.name, row.key)
    return list(key_by_name.values())


def of_ended_instance(
    connection: Connection, instance_key: int
) -> tuple[str, dict[str, Any]] | None:
    """Return the state of an instance that has ended and its root variables; None while it runs."""
    instance = instances.process_instances
    is_over = (instance.c.key == instance_key) & instance.c.ended_at.is_not(None)
    state = connection.execute(select(instance.c.state).where(is_over)).scalar_one_or_none()
    if state is None:
        return None
    query = select(table.c.name, table.c.value).where(table.c.scope_key == instance_key)
    return state, {row.name: orjson.loads(row.value) for row in connection.execute(query)}


@dataclass(frozen=True)
class Seen:
    """What expressions see in a scope.

    Attributes:
        values: Of each name the innermost variable.
        instance_key: Of the process instance that the scope belongs to.
        business_id: Of that.
    """

    values: dict[str, Any]
    instance_key: int
    business_id: str | None


def seen_from(connection: Connection, person: Person, scope_key: int) -> Seen:
    """Return what the expressions of a process or element instance see.

    Raises:
        NotFoundError: No such scope, or the person may not know that there is.
    """
    element = instances.element_instances
    query = select(element.c.instance_key).where(element.c.key == scope_key)
    instance_key = connection.execute(query).scalar_one_or_none() or scope_key
    instance = row_of(connection, person, process_instances.NOUN, instance_key)
    scopes = scopes_of(connection, instance_key, scope_key)
    chosen = with_keys(effective_keys(connection, scopes))
    rows = connection.execute(select(table.c.name, table.c.value).where(chosen))
    values = {row.name: orjson.loads(row.value) for row in rows}
    return Seen(values, instance_key, instance.business_id)
