"""Equality, order and membership of FEEL values; None stands for «cannot be compared».

Source: DMN 1.5 §10.3.2.13, tables 42 and 50; the DMN TCK 0068, 0072, 0103.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.feel.calendar_days import clock_nanos, local_nanos, offset_of, utc_nanos
from service.feel.values import (
    NANOS,
    Builtin,
    Date,
    DateTime,
    DaysTimeDuration,
    Function,
    Lambda,
    Range,
    Time,
    YearsMonthsDuration,
)


def equal(left: Any, right: Any) -> bool | None:
    """Return whether both are the same value; None when their types differ.

    Null equals null and nothing else. Fractions of a second do not count. Lists and contexts whose
    parts differ in type are not the same (Camunda 8; DMN leaves it open).
    """
    kind = type(left)
    if kind is type(right):
        if kind in _PLAIN:
            return bool(left == right)
        compare = _EQUAL.get(kind)
        if compare is not None:
            return compare(left, right)
    if left is None or right is None:
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_contexts(left, right)
    if isinstance(left, _FUNCTIONS) and isinstance(right, _FUNCTIONS):
        return left is right
    return None


def _equal_lists(left: list[Any], right: list[Any]) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True)) or False


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal((left[key], right[key]) for key in left) or False


def _all_equal(pairs: Any) -> bool | None:
    for one, other in pairs:
        same = equal(one, other)
        if not same:
            return same
    return True


def _equal_clocks(left: Time, right: Time) -> bool | None:
    left_offset, right_offset = offset_of(left, None), offset_of(right, None)
    if left_offset is None or right_offset is None:
        return left_offset is right_offset and _seconds(left, 0) == _seconds(right, 0)
    return _seconds(left, left_offset) == _seconds(right, right_offset)


def _seconds(clock: Time, offset: int) -> int:
    return clock_nanos(clock) // NANOS - offset


def _equal_moments(left: DateTime, right: DateTime) -> bool | None:
    left_utc, right_utc = utc_nanos(left), utc_nanos(right)
    if left_utc is None or right_utc is None:
        if left_utc is not right_utc:
            return False
        left_utc, right_utc = local_nanos(left), local_nanos(right)
    return left_utc // NANOS == right_utc // NANOS


def _equal_ranges(left: Range, right: Range) -> bool | None:
    shape = (left.is_half_open, left.operator, left.start_included, left.end_included)
    if shape != (right.is_half_open, right.operator, right.start_included, right.end_included):
        return False
    return _all_equal([(left.start, right.start), (left.end, right.end)])


_FUNCTIONS = (Function, Lambda, Builtin)
_PLAIN = {Decimal, str, bool, type(None), Date, DaysTimeDuration, YearsMonthsDuration}
_EQUAL: dict[type, Callable[[Any, Any], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Time: _equal_clocks,
    DateTime: _equal_moments,
    Range: _equal_ranges,
}


def order(left: Any, right: Any) -> int | None:
    """Return below 0, 0 or above 0 as `left` lies before, at or after `right`; None without order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is Decimal or kind is str:
        return int(left > right) - int(left < right)
    measure = _MEASURE.get(kind)
    if measure is None:
        return _moment_order(left, right) if kind in (Time, DateTime) else None
    one, other = measure(left), measure(right)
    return int(one > other) - int(one < other)


def _moment_order(left: Any, right: Any) -> int:
    """Order two times or moments; one without a zone takes that of the other (table 54)."""
    one, other = _instant(left), _instant(right)
    if one is None or other is None:
        one, other = _wall(left), _wall(right)
    return int(one > other) - int(one < other)


def _instant(value: Any) -> int | None:
    if isinstance(value, DateTime):
        return utc_nanos(value)
    offset = offset_of(value, None)
    return None if offset is None else clock_nanos(value) - offset * NANOS


def _wall(value: Any) -> int:
    return local_nanos(value) if isinstance(value, DateTime) else clock_nanos(value)


_MEASURE: dict[type, Callable[[Any], Any]] = {
    Date: lambda day: (day.year, day.month, day.day),
    DaysTimeDuration: lambda length: length.nanos,
    YearsMonthsDuration: lambda length: length.months,
}


def less(left: Any, right: Any) -> bool | None:
    """Return `left < right`."""
    found = order(left, right)
    return None if found is None else found < 0


def less_or_equal(left: Any, right: Any) -> bool | None:
    """Return `left <= right`."""
    found = order(left, right)
    return None if found is None else found <= 0


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """Return the truth of a comparison; None when the two have no order or different types."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    if operator in ("<", "<="):
        return less(left, right) if operator == "<" else less_or_equal(left, right)
    return less(right, left) if operator == ">" else less_or_equal(right, left)


def contains(interval: Range, value: Any) -> bool | None:
    """Return whether the value lies in the interval; None when it cannot be compared."""
    if interval.operator:
        return compare(interval.operator, value, interval.end)
    above = _bound(interval.start, value, interval.start_included)
    below = _bound(value, interval.end, interval.end_included)
    if interval.is_half_open:
        above = below if interval.start is None else above
        below = above if interval.end is None else below
    if above is None or below is None:
        return None
    return above and below


def _bound(low: Any, high: Any, included: bool) -> bool | None:
    return less_or_equal(low, high) if included else less(low, high)


def is_in(value: Any, test: Any) -> bool | None:
    """Return whether a value meets a test: lies in a range, is an item of a list, or is equal.

    Items of a list may be ranges. A list equals a list, or is an item of it.
    """
    if isinstance(test, Range) and not isinstance(value, Range):
        return contains(test, value)
    if isinstance(test, list):
        return _in_list(value, test)
    return equal(value, test)


def _in_list(value: Any, items: list[Any]) -> bool:
    if isinstance(value, list) and equal(value, items):
        return True
    for item in items:
        if isinstance(item, Range) and not isinstance(value, Range):
            if contains(item, value):
                return True
        elif equal(value, item):
            return True
    return False
