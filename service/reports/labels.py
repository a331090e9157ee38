"""What variables are called: the labels of the form fields that fill them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, select

from service.persistence.tables import definitions, house


@dataclass(frozen=True)
class FieldLabel:
    """A field as lists of facts call it.

    Attributes:
        kind: The form-js type; a datetime field has `date`, `time` or `datetime`.
        options: Value → label of a field with fixed options, and of one that offers people.
        columns: Of a list, its fields by name.
        offers_people: Whether its values are user names.
    """

    label: str
    kind: str
    options: Mapping[str, str]
    columns: Mapping[str, "FieldLabel"] = field(default_factory=dict)
    offers_people: bool = False


def field_labels(
    connection: Connection, names: Iterable[str], form_keys: Iterable[int]
) -> dict[str, FieldLabel]:
    """Return the labels of variables, from these forms first, then from the latest of all others.

    Args:
        connection: Where the forms are read.
        names: The variables asked for; those that no form fills are left out.
        form_keys: The forms that were filled in, the most telling first.
    """
    wanted = dict.fromkeys(names)
    keys = list(dict.fromkeys(form_keys))
    table = definitions.forms
    found: dict[str, FieldLabel] = {}
    if wanted and keys:
        by_key = _schemas(connection, table.c.key.in_(keys))
        for key in keys:
            _take(found, wanted, by_key.get(key, {}))
    if len(found) < len(wanted):
        for schema in _schemas(connection, table.c.is_latest).values():
            _take(found, wanted, schema)
    if any(label.offers_people for label in found.values()):
        return _with_people(connection, found)
    return found


def _with_people(connection: Connection, found: Mapping[str, FieldLabel]) -> dict[str, FieldLabel]:
    table = house.people
    rows = connection.execute(select(table.c.username, table.c.name).where(~table.c.is_program))
    names = {row.username: row.name for row in rows}
    return {
        name: replace(label, options=names) if label.offers_people else label
        for name, label in found.items()
    }


def _take(found: dict[str, FieldLabel], wanted: Mapping[str, None], schema: Any) -> None:
    for name, label in _labels(schema.get("components", [])):
        if name in wanted:
            found.setdefault(name, label)


def _schemas(connection: Connection, condition: ColumnElement[bool]) -> dict[int, Any]:
    table, resource = definitions.forms, definitions.resources
    query = (
        select(table.c.key, resource.c.content)
        .join(resource, resource.c.key == table.c.resource_key)
        .where(condition)
        .order_by(table.c.form_id)
    )
    return {row.key: orjson.loads(row.content) for row in connection.execute(query)}


def _labels(components: list[Any]) -> Iterator[tuple[str, FieldLabel]]:
    for component in components:
        inner = component.get("components", [])
        is_list = component.get("type") == "dynamiclist"
        name = component.get("key") or component.get("path")
        label = component.get("label") or component.get("dateLabel")
        if name and label:
            yield (
                name,
                FieldLabel(
                    str(label),
                    _kind(component),
                    _options(component),
                    columns=dict(_labels(inner)) if is_list else {},
                    offers_people=component.get("valuesKey") == "users",
                ),
            )
        if not is_list:
            yield from _labels(inner)


def _kind(component: Mapping[str, Any]) -> str:
    kind = str(component.get("type", ""))
    return str(component.get("subtype", "datetime")) if kind == "datetime" else kind


def _options(component: Mapping[str, Any]) -> dict[str, str]:
    values = component.get("values")
    if not isinstance(values, list):
        return {}
    return {
        str(option["value"]): str(option.get("label", option["value"]))
        for option in values
        if isinstance(option, dict) and "value" in option
    }
