"""Filters over what belongs to a thing: variables, tags, candidates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from service.domain.errors import BadInputError
from service.domain.tags import EXPECTED, are_tags
from service.persistence.tables import instances
from service.reports.search.conditions import Condition, Field, Special, listed
from service.reports.search.json_columns import holds_any, some_item
from service.reports.search.kinds import FLAG, KEY_TEXT, TEXT, Kind, read_object, refused
from service.reports.search.sql import matches
from service.reports.search.wire import json_text

VARIABLE = Kind("an object with 'name' and 'value'", read_object)
"""What the filters for variables take: the name, and a string or operators to compare the JSON text with."""


def has_variables(belongs: Callable[[Any], Condition]) -> Special:
    """Return the filter `[{name, value}]`: each of them is a variable of the thing.

    Values are compared as JSON text; how the text is spaced does not count.

    Args:
        belongs: From the variables table to «this variable is one of the thing».
    """
    table = instances.variables.alias()
    value = Field(table.c.value, _JSON_TEXT)

    def condition(given: Any, path: str) -> Condition:
        parts = []
        for position, wanted in enumerate(listed(given, path)):
            here = f"{path}[{position}]"
            if not isinstance(wanted, dict) or _is_nothing(wanted.get("value")):
                raise refused(here, "an object with 'name' and 'value'", wanted)
            is_named = table.c.name == TEXT.value(wanted.get("name"), f"{here}.name")
            fits = value.condition(wanted["value"], f"{here}.value")
            parts.append(exists(select(literal(1)).where(belongs(table), is_named, fits)))
        return and_(true(), *parts)

    return Special(condition, VARIABLE, is_list=True)


def _is_nothing(value: Any) -> bool:
    """Tell whether nothing is asked of a value: it is not there, or has no operator."""
    if isinstance(value, dict):
        return all(operand is None for operand in value.values())
    return value is None


def has_all_tags(column: ColumnElement[Any]) -> Special:
    """Return the filter `["a", "b"]`: the thing has each of these tags."""

    def condition(given: Any, path: str) -> Condition:
        tags = [TEXT.value(tag, path) for tag in listed(given, path)]
        if not are_tags(tags):
            raise refused(path, EXPECTED, given)
        return and_(true(), *(holds_any(column, {tag}) for tag in tags))

    return Special(condition, TEXT.exactly(), is_list=True)


def each_has_some_item(column: ColumnElement[Any], kind: Kind) -> Special:
    """Return the filter `[filter, …]` over a list: for each of them some item fits, as `has_some_item` says."""
    one = has_some_item(column, kind)

    def condition(given: Any, path: str) -> Condition:
        wanted = enumerate(listed(given, path))
        return and_(true(), *(one.condition(item, f"{path}[{i}]") for i, item in wanted))

    return Special(condition, kind, is_list=True)


def has_some_item(column: ColumnElement[Any], kind: Kind = TEXT) -> Special:
    """Return the filter over a list: some item fits; for `$neq` and `$notIn`, none is among them."""

    def one(operator: str, given: Any, path: str) -> Condition:
        if operator == "$exists":
            is_there = some_item(column, lambda item: true())
            return is_there if FLAG.value(given, path) else ~is_there
        if operator in ("$neq", "$notIn"):
            positive = {"$neq": "$eq", "$notIn": "$in"}[operator]
            return ~some_item(
                column,
                lambda item: Field(item, kind).condition({positive: given}, path),
            )
        return some_item(column, lambda item: Field(item, kind).condition({operator: given}, path))

    def condition(given: Any, path: str) -> Condition:
        if not isinstance(given, dict):
            return one("$eq", given, path)
        present = {name: value for name, value in given.items() if value is not None}
        for name in present:
            if name not in kind.operators:
                raise BadInputError(f"Expected '{path}.{name}' to be an operator.", field=path)
        return and_(true(), *(one(name, value, path) for name, value in present.items()))

    return Special(condition, kind)


def contains_phrase(*columns: ColumnElement[str]) -> Field:
    """Return the string filter of an error message, in each of the languages it may be told in.

    Case does not count. The bare value, `$eq` and `$in` match part of it, `$neq` and `$notIn` no part,
    `$like` the whole.

    Args:
        columns: The message by language; the first is there whenever there is a message.

    Source: Camunda 8 API v2, `errorMessage`, and its `IncidentErrorMessageFilterIT`.
    """
    return _Phrase(columns[0], TEXT, columns)


class KeyText(Field):
    """A filter field of a key that the API counts as text: `$like` compares the digits."""

    def _compare(self, operator: str, given: Any, path: str) -> Condition:
        if operator != "$like" or given is None:
            return super()._compare(operator, given, path)
        return matches(cast(self.column, Text), TEXT.value(given, path))


LIKED_KEY = Kind(KEY_TEXT.expected, KEY_TEXT.read, TEXT.operators)
"""The kind of a `KeyText`."""


@dataclass(frozen=True)
class _Phrase(Field):
    languages: tuple[ColumnElement[str], ...]

    def _compare(self, operator: str, given: Any, path: str) -> Condition:
        if given is None or operator == "$exists" or operator not in self.kind.operators:
            return super()._compare(operator, given, path)
        if operator == "$like":
            pattern = TEXT.value(given, path).lower()
            return or_(*(matches(func.lower(told), pattern) for told in self.languages))
        wanted = listed(given, path) if operator in ("$in", "$notIn") else [given]
        phrases = [TEXT.value(one, path) for one in wanted]
        found = or_(
            false(),
            *(
                func.coalesce(told, "").icontains(phrase, autoescape=True)
                for phrase in phrases
                for told in self.languages
            ),
        )
        return ~found if operator in ("$neq", "$notIn") else found


def _read_json_text(given: Any) -> str:
    text = TEXT.read(given)
    try:
        return json_text(orjson.loads(text))
    except orjson.JSONDecodeError:
        return str(text)


_JSON_TEXT = Kind("a string of JSON text", _read_json_text, TEXT.operators)
