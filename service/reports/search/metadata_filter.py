"""The filter for what programs say of cluster variables: names, each with a string or a number."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, and_, true

from service.domain.errors import BadInputError
from service.reports.search.conditions import Condition, Field, Special, listed
from service.reports.search.json_columns import some_entry
from service.reports.search.kinds import FLAG, TEXT, Kind, read_object, read_text, refused


def _read_number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise ValueError
    return float(given)


def _read_scalar(given: Any) -> str | float:
    return read_text(given) if isinstance(given, str) else _read_number(given)


_NUMBER = Kind("a number", _read_number)
_SCALAR = Kind("a string or a number", _read_scalar)

OPERATORS: Mapping[str, Kind] = {
    "$eq": _SCALAR,
    "$exists": FLAG,
    "$gt": _NUMBER,
    "$gte": _NUMBER,
    "$in": _SCALAR,
    "$like": TEXT,
    "$lt": _NUMBER,
    "$lte": _NUMBER,
    "$neq": _SCALAR,
}
"""What may be asked of one entry, and what of; of `$in`, of each item of its list."""

_AS_TEXT = Kind(TEXT.expected, TEXT.read, frozenset(OPERATORS))
_AS_NUMBER = Kind(_NUMBER.expected, _read_number, frozenset(OPERATORS))

METADATA = Kind("an object of operators for each name", read_object)


def has_entries(column: ColumnElement[Any]) -> Special:
    """Return the filter `{name: {operator: value}}`: the object has all these entries.

    A string is never a number: `"30"` is not `30`. But for `$exists`, an entry that is not there fits
    nothing, `$neq` neither.

    Source: Camunda 8 API v2, `AdvancedMetadataValueFilter`.
    """

    def condition(given: Any, path: str) -> Condition:
        wanted = METADATA.value(given, path)
        parts = [_of_entry(column, name, one, f"{path}.{name}") for name, one in wanted.items()]
        return and_(true(), *parts)

    return Special(condition, METADATA)


def _of_entry(column: ColumnElement[Any], name: str, given: Any, path: str) -> Condition:
    TEXT.value(name, path)
    if not isinstance(given, dict):
        raise refused(path, "an object of operators", given)
    parts = []
    for operator, value in given.items():
        if operator not in OPERATORS:
            known = ", ".join(OPERATORS)
            raise BadInputError(f"Expected '{path}.{operator}' to be one of {known}.", field=path)
        if value is not None:
            parts.append(_compared(column, name, operator, value, f"{path}.{operator}"))
    return and_(true(), *parts)


def _compared(
    column: ColumnElement[Any], name: str, operator: str, given: Any, path: str
) -> Condition:
    if operator == "$exists":
        is_there = some_entry(column, name, lambda _text, _number: true())
        return is_there if FLAG.value(given, path) else ~is_there
    return some_entry(column, name, _test(operator, given, path))


def _test(
    operator: str, given: Any, path: str
) -> Callable[[ColumnElement[str], ColumnElement[float]], Condition]:
    """Return the condition on the value of an entry, as text and as number."""
    if operator == "$in":
        values = [_SCALAR.value(one, f"{path}[{i}]") for i, one in enumerate(listed(given, path))]
        texts = [one for one in values if isinstance(one, str)]
        numbers = [one for one in values if not isinstance(one, str)]
        return lambda text, number: text.in_(texts) | number.in_(numbers)
    value = OPERATORS[operator].value(given, path)
    if isinstance(value, str):
        return lambda text, _number: Field(text, _AS_TEXT).condition({operator: value}, path)
    return lambda _text, number: Field(number, _AS_NUMBER).condition({operator: value}, path)
