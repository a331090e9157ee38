"""The bodies of searches, read from what is searched: filter and sort fields with their operators."""

from collections.abc import Collection, Mapping
from typing import Any

from service.api.openapi.shapes import reference, type_schema
from service.reports.search import (
    decision_instances,
    jobs,
    message_subscriptions,
    process_instances,
)
from service.reports.search.conditions import Field, Filters, Special
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, TEXT, Kind
from service.reports.search.metadata_filter import METADATA, OPERATORS
from service.reports.search.noun import Noun
from service.reports.search.pages import LARGEST_LIMIT
from service.reports.search.related import VARIABLE

_WORDS = {
    FLAG.expected: "flag",
    INTEGER.expected: "integer",
    KEY.expected: "key",
    METADATA.expected: "MetadataFilter",
    MOMENT.expected: "moment",
    VARIABLE.expected: "VariableFilter",
}

_SHARED: Mapping[str, Noun] = {
    "DecisionInstanceFilter": decision_instances.NOUN,
    "JobFilter": jobs.NOUN,
    "MessageSubscriptionFilter": message_subscriptions.NOUN,
    "ProcessInstanceFilter": process_instances.NOUN,
}
"""Filters that other bodies than a search's have, too."""


_WAYS: Mapping[str, Mapping[str, Any]] = {
    "from": {"type": "integer", "minimum": 0},
    "after": {"type": "string"},
    "before": {"type": "string"},
}
_PAGES: Mapping[str, Collection[str]] = {
    "Page": ("from", "after", "before"),
    "ForwardPage": ("after",),
    "OffsetPage": ("from",),
}
"""Schema of a page -> the ways in which it leads on from the first one."""


def shared_filters() -> dict[str, Any]:
    """Return the JSON schemas of the filters and pages that have a name."""
    named = {name: filter_schema(noun.filters) for name, noun in _SHARED.items()}
    others = {"MetadataFilter": _metadata(), "TextFilter": _operators_or(TEXT)}
    return {**named, **others, **{name: _page(*ways) for name, ways in _PAGES.items()}}


def search_schema(
    filter_: Mapping[str, Any] | None,
    sorts: Collection[str],
    page: str,
    *,
    needs_filter: bool = False,
) -> dict[str, Any]:
    """Return the schema of the body of a search.

    Args:
        filter_: The schema of its filter; None when it has none.
        sorts: The fields that it can be sorted by.
        page: The name of the schema of its page.
        needs_filter: Whether the filter must be there.
    """
    properties: dict[str, Any] = {"page": reference(page)}
    if filter_ is not None:
        properties["filter"] = filter_
    if sorts:
        properties["sort"] = _sort(sorts)
    required = {"required": ["filter"]} if needs_filter else {}
    return {"type": "object", "properties": properties, **required}


def filter_schema(filters: Filters) -> dict[str, Any] | None:
    """Return the schema of a filter object; None when there is nothing to filter by."""
    if not filters.all_fields:
        return None
    fields = {name: _field(one) for name, one in filters.all_fields.items()}
    if filters.takes_or:
        alternative = {"type": "object", "properties": fields}
        fields = {**fields, "$or": {"type": "array", "items": alternative}}
    return {"type": "object", "properties": fields}


def _field(field: Field | Special) -> dict[str, Any]:
    schema = _operators_or(field.kind)
    if isinstance(field, Special) and field.is_list:
        return {"type": "array", "items": schema}
    return schema


def _operators_or(kind: Kind) -> dict[str, Any]:
    value = _value(kind)
    if not kind.operators:
        return value
    operators: dict[str, Any] = {}
    for name in sorted(kind.operators):
        if name == "$exists":
            operators[name] = {"type": "boolean"}
        elif name in ("$in", "$notIn"):
            operators[name] = {"type": "array", "items": value}
        else:
            operators[name] = {"type": "string"} if name == "$like" else value
    return {"anyOf": [value, {"type": "object", "properties": operators}]}


def _value(kind: Kind) -> dict[str, Any]:
    if kind.words:
        return {"type": "string", "enum": list(kind.words)}
    return type_schema(_WORDS.get(kind.expected, "text"))


def _metadata() -> dict[str, Any]:
    """Return the schema of operators by name of the entry; a value is a string, a number, or either."""
    number, text = {"type": "number"}, {"type": "string"}
    types: Mapping[str, dict[str, Any]] = {
        "a number": number,
        "a string": text,
        FLAG.expected: {"type": "boolean"},
    }
    operators = {
        name: types.get(kind.expected, {"anyOf": [text, number]})
        for name, kind in OPERATORS.items()
    }
    operators["$in"] = {"type": "array", "items": operators["$in"]}
    entry = {"type": "object", "properties": operators}
    return {"type": "object", "additionalProperties": entry}


def _sort(names: Collection[str]) -> dict[str, Any]:
    properties = {
        "field": {"type": "string", "enum": sorted(names)},
        "order": {"type": "string", "enum": ["ASC", "DESC"]},
    }
    item = {"type": "object", "properties": properties, "required": ["field"]}
    return {"type": "array", "items": item}


def _page(*ways: str) -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 0, "maximum": LARGEST_LIMIT}
    return {"type": "object", "properties": {"limit": limit, **{way: _WAYS[way] for way in ways}}}
