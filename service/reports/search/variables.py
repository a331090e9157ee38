"""Variables, as `/v2/variables` and the tasks' own searches show them: values are JSON text."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, literal

from service.persistence.tables import instances
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import FLAG, KEY, TEXT
from service.reports.search.nouns import Noun
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
    }


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
    show=show_cut,
)

WHOLE_NOUN = replace(NOUN, show=show)
"""The same, with whole values (`truncateValues=false`)."""
