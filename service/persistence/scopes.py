"""Variables in their scopes, as the rows hold them."""

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Function,
    ScalarSelect,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from service.persistence.driver import PreparedQuery
from service.persistence.tables import instances

Scopes = MutableMapping[int, dict[str, Any]]
"""Variables by scope key, then by name; JSON values."""


class PartlyRead(Scopes):
    """The live variables of an instance, of which only some scopes have been read.

    The others are read together, once, when one of them is asked for.
    """

    def __init__(
        self,
        scopes: dict[int, dict[str, Any]],
        unread: Collection[int],
        read_all: Callable[[], dict[int, dict[str, Any]]],
    ) -> None:
        """Begin with what has been read.

        Args:
            scopes: By scope key.
            unread: Keys of the scopes that may have variables besides.
            read_all: Reads all live variables of the instance.
        """
        self._scopes = scopes
        self._unread = frozenset(unread)
        self._read_all = read_all

    def __getitem__(self, key: int) -> dict[str, Any]:
        if key in self._unread:
            self._read()
        return self._scopes[key]

    def __setitem__(self, key: int, values: dict[str, Any]) -> None:
        if key in self._unread:
            self._read()
        self._scopes[key] = values

    def __delitem__(self, key: int) -> None:
        if key in self._unread:
            self._read()
        del self._scopes[key]

    def __iter__(self) -> Iterator[int]:
        self._read()
        return iter(self._scopes)

    def __len__(self) -> int:
        self._read()
        return len(self._scopes)

    def _read(self) -> None:
        if self._unread:
            found = self._read_all()
            self._scopes.update((key, found[key]) for key in self._unread if key in found)
            self._unread = frozenset()


def _texts(name: ColumnElement[str], together: Callable[..., Function[str]]) -> Function[str]:
    """Return all variables of a group together, each as `[scope key, name, value]`."""
    table = instances.variables
    each = literal("[") + cast(table.c.scope_key, Text) + "," + name + "," + table.c.value + "]"
    return together(each, ",")


_NAME = instances.variables.c.name
_TEXTS = {
    "postgresql": _texts(cast(func.to_json(_NAME), Text), func.string_agg),
    "sqlite": _texts(func.json_quote(_NAME), func.group_concat),
}


def _as_text(texts: Function[str]) -> Select[Any]:
    """Return the query of instances and the text of their live variables."""
    table = instances.variables
    return (
        select(table.c.instance_key, texts)
        .where(table.c.instance_key.in_(bindparam("sought", expanding=True)), table.c.is_live)
        .group_by(table.c.instance_key)
    )


_AS_TEXT = {dialect: _as_text(texts) for dialect, texts in _TEXTS.items()}


def _among(texts: Function[str], is_sought: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the text of the live variables in some scopes."""
    return select(texts.label("variables_text")).where(instances.variables.c.is_live, is_sought)


_SCOPE = instances.variables.c.scope_key
_AMONG = _among(_TEXTS["sqlite"], _SCOPE.in_(bindparam("scope_keys", expanding=True)))
_KEYS = bindparam("scope_keys", type_=ARRAY(BigInteger))
_PREPARED_AMONG = PreparedQuery(_among(_TEXTS["postgresql"], any_(_KEYS) == _SCOPE))


def live_scopes(connection: Connection, instance_key: int) -> dict[int, dict[str, Any]]:
    """Return all live variables of an instance: by scope key, then by name; JSON values."""
    return live_scopes_of(connection, [instance_key])[instance_key]


def live_scopes_among(
    connection: Connection, scope_keys: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Return the live variables in some scopes: by scope key, then by name; JSON values."""
    if connection.dialect.name == "postgresql":
        keys = f"{{{','.join(map(str, scope_keys))}}}"
        row = _PREPARED_AMONG.first(connection, {"scope_keys": keys})
    else:
        row = connection.execute(_AMONG, {"scope_keys": list(scope_keys)}).one()
    return scopes_of_text(row.variables_text)


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
        found[instance_key] = _by_scope(text)
    return found


def live_lengths_of(
    connection: Connection, instance_keys: Collection[int], names: Collection[str] | None
) -> dict[int, dict[int, int]]:
    """Return how long the JSON in the live scopes of instances is: by instance, then scope key.

    Args:
        connection: Where.
        instance_keys: The instances.
        names: Of the variables that count; None: all of them.
    """
    table = instances.variables
    size = func.coalesce(func.sum(func.length(table.c.value)), 0)
    query = select(table.c.instance_key, table.c.scope_key, size).where(
        table.c.instance_key.in_(instance_keys), table.c.is_live
    )
    if names is not None:
        query = query.where(table.c.name.in_(names))
    found: dict[int, dict[int, int]] = {key: {} for key in instance_keys}
    grouped = query.group_by(table.c.instance_key, table.c.scope_key)
    for instance_key, scope_key, length in connection.execute(grouped):
        found[instance_key][scope_key] = length
    return found


def text_of_live_scopes(dialect: str, instance_key: ColumnElement[int]) -> ScalarSelect[Any]:
    """Return a column that holds all live variables of the instance with that key, for `scopes_of_text`."""
    table = instances.variables
    query = select(_TEXTS[dialect]).where(table.c.instance_key == instance_key, table.c.is_live)
    return query.scalar_subquery()


def scopes_of_text(text: str | None) -> dict[int, dict[str, Any]]:
    """Return the variables of a column `text_of_live_scopes`: by scope key, then by name; JSON values."""
    return _by_scope(text) if text else {}


def _by_scope(text: str) -> dict[int, dict[str, Any]]:
    scopes: dict[int, dict[str, Any]] = {}
    for scope_key, name, value in orjson.loads(f"[{text}]"):
        scopes.setdefault(scope_key, {})[name] = value
    return scopes


def outer_scopes(connection: Connection, instance_keys: Collection[int]) -> dict[int, int]:
    """Return the key of the scope around each active element instance of some instances, read together."""
    if not instance_keys:
        return {}
    table = instances.element_instances
    query = select(table.c.key, table.c.scope_key).where(
        table.c.instance_key.in_(instance_keys), table.c.state == "ACTIVE"
    )
    return {row.key: row.scope_key for row in connection.execute(query)}


def merged(scopes: Scopes, chain: list[int]) -> dict[str, Any]:
    """Return what is visible along a chain of scopes; inner variables hide outer ones."""
    visible: dict[str, Any] = {}
    for scope_key in reversed(chain):
        visible.update(scopes.get(scope_key, ()))
    return visible


def visible_variables(
    connection: Connection, instance_key: int, element_instance_key: int
) -> dict[str, Any]:
    """Return the variables an element instance sees, innermost first merged; JSON values."""
    scopes = live_scopes(connection, instance_key)
    outer = outer_scopes(connection, [instance_key] if has_inner(scopes, instance_key) else [])
    return seen_from(instance_key, element_instance_key, scopes, outer)


def has_inner(scopes: Collection[int], instance_key: int) -> bool:
    """Return whether any scope but the root of an instance has variables."""
    return not set(scopes) <= {instance_key}


def seen_from(
    instance_key: int, element_instance_key: int, scopes: Scopes, outer: Mapping[int, int]
) -> dict[str, Any]:
    """Return what an element instance sees of the live variables of its instance; JSON values.

    Args:
        instance_key: The instance.
        element_instance_key: The element instance.
        scopes: The live variables of the instance.
        outer: `outer_scopes`; need not be read where only the root has variables.
    """
    return merged(scopes, scopes_around(instance_key, element_instance_key, outer))


def scopes_around(
    instance_key: int, element_instance_key: int, outer: Mapping[int, int]
) -> list[int]:
    """Return the keys of the scopes an element instance sees, innermost first."""
    chain = [element_instance_key]
    while chain[-1] != instance_key:
        chain.append(outer.get(chain[-1], instance_key))
    return chain
