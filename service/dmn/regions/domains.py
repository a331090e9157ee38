"""The types a column can have, each as a line: where a value lies on it, and what lies between.

`position` is what values are ordered by; two values of a domain that have the same position are
told apart by no comparison of FEEL.

Source: DMN 1.5 §10.3.2.3, §10.3.2.13; the order is that of `service.feel.comparison`.
"""

import decimal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.feel.calendar_days import (
    clock_nanos,
    clock_of,
    day_number,
    day_of,
    local_nanos,
    moment_of,
    offset_of,
    utc_nanos,
)
from service.feel.values import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
)

_NUMBERS = decimal.Context(prec=34, Emin=-6143, Emax=6144, traps=[])
_MIDDLE = decimal.Context(prec=34, traps=[])


@dataclass(frozen=True)
class Domain:
    """One type as a line.

    Attributes:
        kind: The FEEL type.
        position: Of a value; None when the value does not belong to the domain.
        marks: Positions where comparisons with a constant may change; none for one of another type.
        value_at: The value at a position.
        between: A value strictly between two positions (None: no end), or None when there is none.
        fixed: Positions that are always told apart.
        is_stepped: Whether positions are whole numbers with nothing between.
    """

    kind: str
    position: Callable[[Any], Any]
    marks: Callable[[Any], Iterable[Any]]
    value_at: Callable[[Any], Any]
    between: Callable[[Any, Any], Any]
    fixed: tuple[Any, ...] = ()
    is_stepped: bool = False


def _own(position: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Return marks that are the constant itself."""

    def marks(constant: Any) -> tuple[Any, ...]:
        at = position(constant)
        return () if at is None else (at,)

    return marks


def _number(value: Any) -> Decimal | None:
    return value if type(value) is Decimal else None


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if low is None or high is None:
        found = _beyond(low, high)
    else:
        whole = low.to_integral_value(decimal.ROUND_FLOOR, _NUMBERS) + 1
        found = whole if low < whole < high else _MIDDLE.divide(_MIDDLE.add(low, high), Decimal(2))
        if not low < found < high:
            found = _NUMBERS.next_plus(low)
    inside = (low is None or low < found) and (high is None or found < high)
    return found if inside and found.is_finite() else None


def _beyond(low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None:
        found = _NUMBERS.add(low.to_integral_value(decimal.ROUND_FLOOR, _NUMBERS), Decimal(1))
        return found if found > low else _NUMBERS.next_plus(low)
    if high is not None:
        found = _NUMBERS.subtract(
            high.to_integral_value(decimal.ROUND_CEILING, _NUMBERS), Decimal(1)
        )
        return found if found < high else _NUMBERS.next_minus(high)
    return Decimal(0)


def _text(value: Any) -> str | None:
    return value if type(value) is str else None


def _text_between(low: str | None, high: str | None) -> str | None:
    """Return a text between: the shortest longer one, since texts are ordered like in a dictionary."""
    if low is None:
        return None if high == "" else ""
    for tail in ("…", "0", "\x00"):
        if high is None or low + tail < high:
            return low + tail
    return None


def _truth(value: Any) -> bool | None:
    return value if type(value) is bool else None


def _nothing_between(low: Any, high: Any) -> None:
    return None


def _stepped(
    kind: str,
    position: Callable[[Any], int | None],
    value_at: Callable[[int], Any],
    marks: Callable[[Any], Iterable[int]] | None = None,
    limits: tuple[int, int] | None = None,
) -> Domain:
    """Return a domain whose positions are whole numbers, from the first to the last of `limits`."""

    def between(low: int | None, high: int | None) -> Any:
        at = low + 1 if low is not None else 0 if high is None else high - 1
        if high is not None and at >= high:
            return None
        if limits is not None and not limits[0] <= at <= limits[1]:
            return None
        return value_at(at)

    return Domain(kind, position, marks or _own(position), value_at, between, is_stepped=True)


def _day(value: Any) -> int | None:
    return day_number(value) if type(value) is Date else None


def _day_marks(constant: Any) -> tuple[int, ...]:
    if type(constant) is DateTime:
        return (day_number(constant.date),)
    return _own(_day)(constant)


def _whole_second(at: int) -> tuple[int, ...]:
    """Return the marks of a moment: `=` overlooks fractions of a second, `<` does not."""
    second = at // NANOS * NANOS
    return (at, second, second + NANOS)


def _local_moment(value: Any) -> int | None:
    if type(value) is not DateTime or offset_of(value.time, value.date) is not None:
        return None
    return local_nanos(value)


def _local_moment_marks(constant: Any) -> tuple[int, ...]:
    at = day_number(constant) * DAY_NANOS if type(constant) is Date else _local_moment(constant)
    return () if at is None else _whole_second(at)


def _instant(value: Any) -> int | None:
    return utc_nanos(value) if type(value) is DateTime else None


def _instant_marks(constant: Any) -> tuple[int, ...]:
    at = _instant(constant)
    return () if at is None else _whole_second(at)


def _clock(value: Any) -> int | None:
    if type(value) is not Time or offset_of(value, None) is not None:
        return None
    return clock_nanos(value)


def _clock_marks(constant: Any) -> tuple[int, ...]:
    at = _clock(constant)
    return () if at is None else tuple(mark for mark in _whole_second(at) if mark < DAY_NANOS)


def _length(value: Any) -> int | None:
    return value.nanos if type(value) is DaysTimeDuration else None


def _months(value: Any) -> int | None:
    return value.months if type(value) is YearsMonthsDuration else None


DOMAINS: dict[str, Domain] = {
    "number": Domain("number", _number, _own(_number), lambda at: at, _number_between),
    "string": Domain("string", _text, _own(_text), lambda at: at, _text_between),
    "boolean": Domain(
        "boolean", _truth, _own(_truth), lambda at: at, _nothing_between, (False, True)
    ),
    "date": _stepped("date", _day, day_of, _day_marks),
    "date and time": _stepped(
        "date and time", _local_moment, lambda at: moment_of(at, None, None), _local_moment_marks
    ),
    "instant": _stepped(
        "date and time", _instant, lambda at: moment_of(at, 0, None), _instant_marks
    ),
    "time": _stepped(
        "time", _clock, lambda at: clock_of(at, None, None), _clock_marks, (0, DAY_NANOS - 1)
    ),
    "days and time duration": _stepped("days and time duration", _length, DaysTimeDuration),
    "years and months duration": _stepped(
        "years and months duration", _months, YearsMonthsDuration
    ),
}
"""Domains by FEEL type; `instant` is that of dates and times that carry a zone."""
