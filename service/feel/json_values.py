"""FEEL values from JSON values and back."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from service.domain.errors import BadInputError
from service.feel.calendar_days import offset_of
from service.feel.number_context import feel_number
from service.feel.python_values import from_python
from service.feel.temporal_text import text_of
from service.feel.values import (
    Date,
    DateTime,
    DaysTimeDuration,
    Range,
    Time,
    YearsMonthsDuration,
)

_LARGEST_EXPONENT = 307


def from_json(value: Any) -> Any:
    """Return a JSON value as a FEEL value, deep; dates are strings in JSON and stay so.

    Numbers become `Decimal` with the digits they are written with. Python's own dates and times are
    taken too, so that callers may hand over what they read from a database.

    Raises:
        BadInputError: A number is beyond what FEEL can hold, or the value is nested too deep.
    """
    try:
        return _from_json(value)
    except RecursionError as error:
        raise BadInputError("Expected JSON that is not nested so deep.") from error


def _from_json(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return _checked(value)
        case float() | date() | time() | timedelta():
            return from_python(value)
        case list() | tuple():
            return [_from_json(item) for item in value]
        case Mapping():
            return {str(key): _from_json(item) for key, item in value.items()}
    return value


def _checked(value: Decimal | int) -> Decimal:
    try:
        return feel_number(value)
    except DecimalException as error:
        raise BadInputError("Expected a number below 10^6145, but got a greater one.") from error


def to_json(value: Any) -> Any:
    """Return a FEEL value as a JSON value, deep.

    Whole numbers become `int`, others `float`, those beyond 1E+308 text; dates, times and durations
    ISO text; a range an object of its ends; functions None. A zone name becomes its offset, which
    every reader of ISO text understands.
    """
    match value:
        case None | bool() | str() | int() | float():
            return value
        case Decimal():
            return _number(value)
        case list() | tuple():
            return [to_json(item) for item in value]
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case DateTime():
            return text_of(DateTime(value.date, _with_offset(value.time, value.date)))
        case Time():
            return text_of(_with_offset(value, None))
        case Date() | DaysTimeDuration() | YearsMonthsDuration():
            return text_of(value)
        case Range():
            return _range(value)
    return None


def _with_offset(clock: Time, day: Date | None) -> Time:
    offset = offset_of(clock, day)
    return Time(clock.hour, clock.minute, clock.second, clock.nanos, offset)


def _number(value: Decimal) -> int | float | str:
    if value.adjusted() > _LARGEST_EXPONENT:
        return str(value)
    return int(value) if value == value.to_integral_value() else float(value)


def _range(interval: Range) -> dict[str, Any]:
    """Return a range as a JSON object."""
    return {
        "start": to_json(interval.start),
        "end": to_json(interval.end),
        "start included": interval.start_included,
        "end included": interval.end_included,
    }
