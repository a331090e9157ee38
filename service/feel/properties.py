"""Properties of values that are no contexts: parts of dates, ends of ranges, entries of lists.

Source: DMN 1.5 §10.3.2.3, table 65.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from service.feel.calendar_days import offset_of, weekday
from service.feel.values import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Range,
    Time,
    YearsMonthsDuration,
)

NO_PROPERTY: Any = object()


def property_of(owner: Any, name: str) -> Any:
    """Return the value of a property, of a list that of each item; or `NO_PROPERTY`."""
    if isinstance(owner, dict):
        return owner.get(name, NO_PROPERTY)
    if isinstance(owner, list):
        found = [property_of(item, name) for item in owner]
        return [None if value is NO_PROPERTY else value for value in found]
    if isinstance(owner, DateTime):
        table = _DATE if name in _DATE else _TIME
        return _read(table, name, owner.date if table is _DATE else owner.time, owner.date)
    if isinstance(owner, Time):
        return _read(_TIME, name, owner, None)
    reader = _READERS.get(type(owner), {}).get(name)
    return NO_PROPERTY if reader is None else reader(owner)


def property_names(owner: Any) -> Iterable[str]:
    """Return the names of the properties a value has."""
    if isinstance(owner, dict):
        return owner
    if isinstance(owner, list):
        return next((one for one in owner if isinstance(one, dict)), {})
    if isinstance(owner, DateTime):
        return [*_DATE, *_TIME, "time offset"]
    if isinstance(owner, Time):
        return [*_TIME, "time offset"]
    return _READERS.get(type(owner), {})


def _read(table: dict[str, Callable[..., Any]], name: str, part: Any, day: Date | None) -> Any:
    if name == "time offset" and isinstance(part, Time):
        offset = offset_of(part, day)
        return None if offset is None else DaysTimeDuration(offset * NANOS)
    reader = table.get(name)
    return NO_PROPERTY if reader is None else reader(part)


_DATE: dict[str, Callable[[Date], Any]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(weekday(day)),
}
_TIME: dict[str, Callable[[Time], Any]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": lambda clock: Decimal(clock.second),
    "timezone": lambda clock: clock.zone,
}


def _truncated(total: int, unit: int) -> Decimal:
    return Decimal(abs(total) // unit * (1 if total >= 0 else -1))


def _part(total: int, unit: int, modulus: int) -> Decimal:
    return Decimal(abs(total) // unit % modulus * (1 if total >= 0 else -1))


_DAYS_TIME: dict[str, Callable[[DaysTimeDuration], Any]] = {
    "days": lambda length: _truncated(length.nanos, DAY_NANOS),
    "hours": lambda length: _part(length.nanos, 3600 * NANOS, 24),
    "minutes": lambda length: _part(length.nanos, 60 * NANOS, 60),
    "seconds": lambda length: _part(length.nanos, NANOS, 60),
}
_YEARS_MONTHS: dict[str, Callable[[YearsMonthsDuration], Any]] = {
    "years": lambda length: _truncated(length.months, 12),
    "months": lambda length: _part(length.months, 1, 12),
}
_RANGE: dict[str, Callable[[Range], Any]] = {
    "start": lambda interval: interval.start,
    "end": lambda interval: interval.end,
    "start included": lambda interval: interval.start_included,
    "end included": lambda interval: interval.end_included,
}
_READERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Date: _DATE,
    DaysTimeDuration: _DAYS_TIME,
    YearsMonthsDuration: _YEARS_MONTHS,
    Range: _RANGE,
}
