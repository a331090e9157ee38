"""Parameters, as `/v2/cluster-variables` shows them: FEEL reads them as `camunda.vars.cluster.<name>`."""

from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, String, Text, cast, false, func, literal, null, or_, true

from service.identity import Person
from service.persistence.tables.house import parameters as table
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import FLAG, TEXT, Kind, one_of
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all
from service.reports.search.variables import SHOWN_CHARACTERS
from service.reports.search.wire import json_text

_value = cast(table.c.value, Text)
_NO_TEXT = cast(null(), Text)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a cluster variable as the API's object, its value whole, as JSON text."""
    return {
        "name": row.key,
        "value": json_text(row.value),
        "scope": "GLOBAL",
        "tenantId": None,
        "kind": "JSON",
        "metadata": row.metadata or {},
    }


def show_cut(row: Row[Any]) -> dict[str, Any]:
    """Return the same with the value cut at `SHOWN_CHARACTERS`."""
    text = json_text(row.value)
    cut = {"value": text[:SHOWN_CHARACTERS], "isTruncated": len(text) > SHOWN_CHARACTERS}
    return {**show(row), **cut}


def _spellings(given: Any, path: str) -> list[str]:
    """Return how the databases may have written a JSON text that was sent.

    Raises:
        BadInputError: It is no text.
    """
    text: str = TEXT.value(given, path)
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [text]
    return list({text, json_text(value)})


class _JsonField(Field):
    """Compares JSON values by their text; numbers, strings, truths as they are sent."""

    def _compare(self, operator: str, given: Any, path: str) -> Condition:
        if operator in ("$eq", "$neq") and given is not None:
            texts = [self.kind.value(one, path) for one in _spellings(given, path)]
            same = or_(*(self.column == text for text in texts))
            return same if operator == "$eq" else ~same
        return super()._compare(operator, given, path)


def _may_see(person: Person) -> ColumnElement[bool]:
    if sees_all(person) or person.has_role("process_owner", "rules_admin"):
        return true()
    return true() if person.is_granted("CLUSTER_VARIABLE", "READ") else false()


_is_long = func.length(_value) > SHOWN_CHARACTERS
_NO_OPERATORS = Kind(TEXT.expected, TEXT.read, TEXT.operators)

WHOLE_NOUN = Noun(
    name="cluster variable",
    source=table,
    columns=(table.c.key, table.c.value, table.c.metadata),
    key=table.c.key,
    filters=Filters(
        {
            "name": Field(table.c.key, TEXT),
            "value": _JsonField(_value, _NO_OPERATORS),
            "scope": Field(literal("GLOBAL", String), one_of("GLOBAL TENANT")),
            "tenantId": Field(_NO_TEXT, TEXT),
            "isTruncated": Field(_is_long, FLAG),
            "kind": Field(literal("JSON", String), one_of("JSON SECRET_REFERENCE")),
        }
    ),
    sorts={
        "name": table.c.key,
        "value": _value,
        "scope": literal("GLOBAL", String),
        "tenantId": _NO_TEXT,
    },
    visible=_may_see,
    show=lambda row: {**show(row), "isTruncated": False},
)
NOUN = replace(WHOLE_NOUN, show=show_cut)
ONE = replace(WHOLE_NOUN, show=show)
"""A search cuts long values unless it is asked for all; one variable has no word about it."""
