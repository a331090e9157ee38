"""Cluster variables, as `/v2/cluster-variables` shows them: our parameters, and those of the tenant."""

from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from service.domain.cluster_variables import ClusterVariable
from service.identity import Person
from service.persistence.tables import house
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import FLAG, TEXT, Kind, one_of
from service.reports.search.metadata_filter import has_entries
from service.reports.search.noun import Noun
from service.reports.search.rights import sees_all
from service.reports.search.variables import SHOWN_CHARACTERS
from service.reports.search.wire import TENANT, json_text

GLOBAL, OF_TENANT = "GLOBAL", "TENANT"


def _of(table: Table, scope: str, tenant_id: ColumnElement[str]) -> Select[Any]:
    return select(
        table.c.key.label("name"),
        table.c.value,
        table.c.metadata,
        literal(scope, Text).label("scope"),
        tenant_id.label("tenant_id"),
        (literal(f"{scope}/", Text) + table.c.key).label("id"),
    )


variables = union_all(
    _of(house.parameters, GLOBAL, cast(null(), Text)),
    _of(house.tenant_variables, OF_TENANT, literal(TENANT, Text)),
).subquery("cluster_variables")
_value = type_coerce(variables.c.value, Text)


def shown(variable: ClusterVariable, tenant_id: str | None) -> dict[str, Any]:
    """Return a cluster variable as the API's object, its value whole, as JSON text."""
    return {
        "name": variable.name,
        "value": json_text(variable.value),
        "scope": GLOBAL if tenant_id is None else OF_TENANT,
        "tenantId": tenant_id,
        "kind": "JSON",
        "metadata": variable.metadata,
    }


def show(row: Row[Any]) -> dict[str, Any]:
    """Return the same of a row."""
    return shown(ClusterVariable(row.name, row.value, row.metadata or {}), row.tenant_id)


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
    source=variables,
    columns=tuple(variables.c),
    key=variables.c.id,
    filters=Filters(
        {
            "name": Field(variables.c.name, TEXT),
            "value": _JsonField(_value, _NO_OPERATORS),
            "scope": Field(variables.c.scope, one_of(f"{GLOBAL} {OF_TENANT}")),
            "tenantId": Field(variables.c.tenant_id, TEXT),
            "isTruncated": Field(_is_long, FLAG),
            "kind": Field(literal("JSON", Text), one_of("JSON SECRET_REFERENCE")),
            "metadata": has_entries(variables.c.metadata),
        }
    ),
    sorts={
        "name": variables.c.name,
        "value": _value,
        "scope": variables.c.scope,
        "tenantId": variables.c.tenant_id,
    },
    visible=_may_see,
    show=lambda row: {**show(row), "isTruncated": False},
)
NOUN = replace(WHOLE_NOUN, show=show_cut)
"""A search cuts long values unless it is asked for all; one variable has no word about it."""


def _one_of(scope: str) -> Noun:
    return replace(
        WHOLE_NOUN,
        key=variables.c.name,
        visible=lambda person: and_(variables.c.scope == scope, _may_see(person)),
        show=show,
    )


ONE, ONE_OF_TENANT = _one_of(GLOBAL), _one_of(OF_TENANT)
"""Finds a variable by its name."""
