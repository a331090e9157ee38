"""Variables in their scopes, as the rows hold them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Function,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from service.persistence.tables import instances


def _as_text(name: ColumnElement[str], together: Callable[..., Function[Any]]) -> Select[Any]:
    """Return the query of instances and their live variables, each as `[scope key, name, value]`."""
    table = instances.variables
    each = literal("[") + cast(table.c.scope_key, Text) + "," + name + "," + table.c.value + "]"
    return (
        select(table.c.instance_key, together(each, ","))
        .where(table.c.instance_key.in_(bindparam("sought", expanding=True)), table.c.is_live)
        .group_by(table.c.instance_key)
    )


_NAME = instances.variables.c.name
_AS_TEXT = {
    "postgresql": _as_text(cast(func.to_json(_NAME), Text), func.string_agg),
    "sqlite": _as_text(func.json_quote(_NAME), func.group_concat),
}


def live_scopes(connection: Connection, instance_key: int) -> dict[int, dict[str, Any]]:
    """Return all live variables of an instance: by scope key, then by name; JSON values."""
    return live_scopes_of(connection, [instance_key])[instance_key]


def live_scopes_of(
    connection: Connection, instance_keys: Collection[int]
) -> dict[int, dict[int, dict[str, Any]]]:
    """Return all live variables of instances, read together: by instance, scope key, then name.

    The database makes one JSON text of those of an instance, since their values are JSON already: a row
    of its own for each would cost more to fetch than all of them together.
    """
    query = _AS_TEXT[connection.dialect.name]
    found: dict[int, dict[int, dict[str, Any]]] = {key: {} for key in instance_keys}
    for instance_key, text in connection.execute(query, {"sought": list(instance_keys)}):
        scopes = found[instance_key]
        for scope_key, name, value in orjson.loads(f"[{text}]"):
            scopes.setdefault(scope_key, {})[name] = value
    return found


def scope_chain(connection: Connection, instance_key: int, element_instance_key: int) -> list[int]:
    """Return the scope keys an element instance sees, innermost first, the root's last."""
    table = instances.element_instances
    rows = connection.execute(
        select(table.c.key, table.c.scope_key).where(
            table.c.instance_key == instance_key, table.c.state == "ACTIVE"
        )
    )
    parent_by_key = {row.key: row.scope_key for row in rows}
    chain = [element_instance_key]
    while chain[-1] != instance_key:
        chain.append(parent_by_key.get(chain[-1], instance_key))
    return chain


def merged(scopes: Mapping[int, Mapping[str, Any]], chain: list[int]) -> dict[str, Any]:
    """Return what is visible along a chain of scopes; inner variables hide outer ones."""
    visible: dict[str, Any] = {}
    for scope_key in reversed(chain):
        visible.update(scopes.get(scope_key, {}))
    return visible


def visible_variables(
    connection: Connection, instance_key: int, element_instance_key: int
) -> dict[str, Any]:
    """Return the variables an element instance sees, innermost first merged; JSON values."""
    scopes = live_scopes(connection, instance_key)
    return seen_from(connection, instance_key, element_instance_key, scopes)


def seen_from(
    connection: Connection,
    instance_key: int,
    element_instance_key: int,
    scopes: dict[int, dict[str, Any]],
) -> dict[str, Any]:
    """Return what an element instance sees of the live variables of its instance; JSON values."""
    if set(scopes) <= {instance_key}:
        return scopes.get(instance_key, {})
    return merged(scopes, scope_chain(connection, instance_key, element_instance_key))
