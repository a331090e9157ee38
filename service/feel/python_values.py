"""FEEL values as plain Python values and back, for functions of the host."""

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

from service.feel.calendar_days import offset_of, zone_of
from service.feel.errors import Fault
from service.feel.values import (
    NANOS,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
)


def to_python(value: Any) -> Any:
    """Return dates and times as `datetime` objects (microseconds), the rest as it is.

    Raises:
        Fault: Python has no such date.
    """
    try:
        return _to_python(value)
    except (ValueError, OverflowError) as error:
        raise Fault("日期超出可处理的范围", "The date is out of range.") from error


def _to_python(value: Any) -> Any:
    match value:
        case Date():
            return date(value.year, value.month, value.day)
        case Time():
            return _clock(value, None)
        case DateTime():
            day = date(value.date.year, value.date.month, value.date.day)
            return datetime.combine(day, _clock(value.time, value.date))
        case DaysTimeDuration():
            return timedelta(microseconds=value.nanos // 1000)
        case list():
            return [_to_python(item) for item in value]
        case dict():
            return {key: _to_python(item) for key, item in value.items()}
    return value


def _clock(clock: Time, day: Date | None) -> time:
    return time(
        clock.hour, clock.minute, clock.second, clock.nanos // 1000, tzinfo=_zone(clock, day)
    )


def _zone(clock: Time, day: Date | None) -> tzinfo | None:
    if clock.zone is not None:
        named = zone_of(clock.zone)
        if named is not None:
            return named
    offset = offset_of(clock, day)
    return None if offset is None else timezone(timedelta(seconds=offset))


def from_python(value: Any) -> Any:
    """Return a plain Python value as a FEEL value; what FEEL does not know stays as it is."""
    match value:
        case None | bool() | str() | Decimal():
            return value
        case int():
            return Decimal(value)
        case float():
            number = Decimal(repr(value))
            return number if number.is_finite() else None
        case datetime():
            return DateTime(_date(value), _time(value.timetz(), value.utcoffset()))
        case date():
            return _date(value)
        case time():
            return _time(value, value.utcoffset())
        case timedelta():
            seconds = value.days * 86_400 + value.seconds
            return DaysTimeDuration(seconds * NANOS + value.microseconds * 1000)
        case list() | tuple():
            return [from_python(item) for item in value]
        case dict():
            return {str(key): from_python(item) for key, item in value.items()}
    return value


def _date(value: date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: time, offset: timedelta | None) -> Time:
    seconds = None if offset is None else int(offset.total_seconds())
    zone = getattr(value.tzinfo, "key", None) if value.tzinfo is not None else None
    nanos = value.microsecond * 1000
    if isinstance(zone, str):
        return Time(value.hour, value.minute, value.second, nanos, None, zone)
    return Time(value.hour, value.minute, value.second, nanos, seconds)
