"""The operators + - * / ** and the unary minus, over every pair of types that has them.

Each function takes two values and returns the result; a pair without meaning raises `Fault`.

Source: DMN 1.5 §10.3.2.5, tables 51 to 55.
"""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, DecimalException
from typing import Any, TypeVar

from service.feel.calendar_days import (
    add_months,
    clock_nanos,
    clock_of,
    day_number,
    day_of,
    local_nanos,
    moment_of,
    offset_of,
    utc_nanos,
)
from service.feel.errors import Fault, text_too_long
from service.feel.limits import STRING_CHARACTERS
from service.feel.values import (
    DAY_NANOS,
    NANOS,
    YEAR_LIMIT,
    Date,
    DateTime,
    DaysTimeDuration,
    Time,
    YearsMonthsDuration,
    type_label,
)

_T = TypeVar("_T")
_ONE = Decimal(1)
_Operation = Callable[[Any, Any], Any]
_NANOS_LIMIT = 2 * YEAR_LIMIT * 366 * DAY_NANOS


def add(left: Any, right: Any) -> Any:
    """Return `left + right`."""
    return _apply("+", _ADD, left, right)


def subtract(left: Any, right: Any) -> Any:
    """Return `left - right`."""
    return _apply("-", _SUBTRACT, left, right)


def multiply(left: Any, right: Any) -> Any:
    """Return `left * right`."""
    return _apply("*", _MULTIPLY, left, right)


def divide(left: Any, right: Any) -> Any:
    """Return `left / right`."""
    return _apply("/", _DIVIDE, left, right)


def power(left: Any, right: Any) -> Any:
    """Return `left ** right`."""
    return _apply("**", {(Decimal, Decimal): _raise}, left, right)


def negate(value: Any) -> Any:
    """Return `-value`."""
    match value:
        case Decimal():
            return -value
        case DaysTimeDuration():
            return DaysTimeDuration(-value.nanos)
        case YearsMonthsDuration():
            return YearsMonthsDuration(-value.months)
    raise Fault(
        f"不能对{type_label(value)}取负", f"Cannot negate {type_label(value):en}.", "wrong_type"
    )


def _apply(
    sign: str, operations: dict[tuple[type, type], _Operation], left: Any, right: Any
) -> Any:
    operation = operations.get((type(left), type(right)))
    if operation is None:
        raise Fault(
            f"运算“{sign}”不适用于{type_label(left)}和{type_label(right)}",
            f"Operator '{sign}' does not apply to {type_label(left):en} and {type_label(right):en}.",
            "wrong_type",
        )
    try:
        return operation(left, right)
    except DecimalException as error:
        raise Fault(
            f"算式没有结果：{_show(left)} {sign} {_show(right)}",
            f"{_show(left)} {sign} {_show(right)} has no result.",
            "arithmetic",
        ) from error


def _show(value: Any) -> str:
    return f"{value}"[:60]


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > STRING_CHARACTERS:
        raise text_too_long()
    return left + right


def _raise(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent < 0:
        raise Fault("0 没有负数次幂", "0 has no negative powers.", "arithmetic")
    if not exponent:
        return _ONE
    return base**exponent


def _within(value: _T | None) -> _T:
    if value is None:
        raise Fault(
            f"日期超出范围（年份不超过 ±{YEAR_LIMIT}）",
            f"The date is out of range (years reach ±{YEAR_LIMIT}).",
            "arithmetic",
        )
    return value


def _days_time(nanos: int) -> DaysTimeDuration:
    if abs(nanos) > _NANOS_LIMIT:
        raise Fault("时长超出范围", "The duration is out of range.", "arithmetic")
    return DaysTimeDuration(nanos)


def _date_plus_months(day: Date, months: int) -> Date:
    return _within(add_months(day, months))


def _date_plus_nanos(day: Date, nanos: int) -> Date:
    return _within(day_of((day_number(day) * DAY_NANOS + nanos) // DAY_NANOS))


def _moment_plus_months(moment: DateTime, months: int) -> DateTime:
    return DateTime(_date_plus_months(moment.date, months), moment.time)


def _moment_plus_nanos(moment: DateTime, nanos: int) -> DateTime:
    clock = moment.time
    return _within(moment_of(local_nanos(moment) + nanos, clock.offset, clock.zone))


def _clock_plus_nanos(clock: Time, nanos: int) -> Time:
    return clock_of(clock_nanos(clock) + nanos, clock.offset, clock.zone)


def _between_moments(left: DateTime, right: DateTime) -> DaysTimeDuration:
    left_utc, right_utc = utc_nanos(left), utc_nanos(right)
    if (left_utc is None) != (right_utc is None):
        raise Fault(
            "一个时刻带时区而另一个不带，无法相减",
            "One moment has a time zone and the other none: no difference.",
            "wrong_type",
        )
    if left_utc is None or right_utc is None:
        return DaysTimeDuration(local_nanos(left) - local_nanos(right))
    return DaysTimeDuration(left_utc - right_utc)


def _between_clocks(left: Time, right: Time) -> DaysTimeDuration:
    left_offset, right_offset = offset_of(left, None), offset_of(right, None)
    if (left_offset is None) != (right_offset is None):
        raise Fault(
            "一个时间带时区而另一个不带，无法相减",
            "One time has a time zone and the other none: no difference.",
            "wrong_type",
        )
    shift = (right_offset or 0) - (left_offset or 0)
    return DaysTimeDuration(clock_nanos(left) - clock_nanos(right) + shift * NANOS)


def _midnight(day: Date) -> DateTime:
    return DateTime(day, Time(0, 0, 0, 0, 0))


def _scale(amount: int, factor: Decimal) -> int:
    return int((Decimal(amount) * factor).to_integral_value(ROUND_DOWN))


def _shrink(amount: int, divisor: Decimal) -> int:
    return int((Decimal(amount) / divisor).to_integral_value(ROUND_DOWN))


def _months(months: int) -> YearsMonthsDuration:
    if abs(months) > 24 * YEAR_LIMIT:
        raise Fault("时长超出范围", "The duration is out of range.", "arithmetic")
    return YearsMonthsDuration(months)


_ADD: dict[tuple[type, type], _Operation] = {
    (Decimal, Decimal): lambda a, b: a + b,
    (str, str): _join,
    (Date, YearsMonthsDuration): lambda a, b: _date_plus_months(a, b.months),
    (YearsMonthsDuration, Date): lambda a, b: _date_plus_months(b, a.months),
    (Date, DaysTimeDuration): lambda a, b: _date_plus_nanos(a, b.nanos),
    (DaysTimeDuration, Date): lambda a, b: _date_plus_nanos(b, a.nanos),
    (DateTime, YearsMonthsDuration): lambda a, b: _moment_plus_months(a, b.months),
    (YearsMonthsDuration, DateTime): lambda a, b: _moment_plus_months(b, a.months),
    (DateTime, DaysTimeDuration): lambda a, b: _moment_plus_nanos(a, b.nanos),
    (DaysTimeDuration, DateTime): lambda a, b: _moment_plus_nanos(b, a.nanos),
    (Time, DaysTimeDuration): lambda a, b: _clock_plus_nanos(a, b.nanos),
    (DaysTimeDuration, Time): lambda a, b: _clock_plus_nanos(b, a.nanos),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _days_time(a.nanos + b.nanos),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.months + b.months),
}

_SUBTRACT: dict[tuple[type, type], _Operation] = {
    (Decimal, Decimal): lambda a, b: a - b,
    (Date, YearsMonthsDuration): lambda a, b: _date_plus_months(a, -b.months),
    (Date, DaysTimeDuration): lambda a, b: _date_plus_nanos(a, -b.nanos),
    (DateTime, YearsMonthsDuration): lambda a, b: _moment_plus_months(a, -b.months),
    (DateTime, DaysTimeDuration): lambda a, b: _moment_plus_nanos(a, -b.nanos),
    (Time, DaysTimeDuration): lambda a, b: _clock_plus_nanos(a, -b.nanos),
    (Date, Date): lambda a, b: DaysTimeDuration((day_number(a) - day_number(b)) * DAY_NANOS),
    (DateTime, DateTime): _between_moments,
    (Date, DateTime): lambda a, b: _between_moments(_midnight(a), b),
    (DateTime, Date): lambda a, b: _between_moments(a, _midnight(b)),
    (Time, Time): _between_clocks,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _days_time(a.nanos - b.nanos),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.months - b.months),
}

_MULTIPLY: dict[tuple[type, type], _Operation] = {
    (Decimal, Decimal): lambda a, b: a * b,
    (Decimal, DaysTimeDuration): lambda a, b: _days_time(_scale(b.nanos, a)),
    (DaysTimeDuration, Decimal): lambda a, b: _days_time(_scale(a.nanos, b)),
    (Decimal, YearsMonthsDuration): lambda a, b: _months(_scale(b.months, a)),
    (YearsMonthsDuration, Decimal): lambda a, b: _months(_scale(a.months, b)),
}

_DIVIDE: dict[tuple[type, type], _Operation] = {
    (Decimal, Decimal): lambda a, b: a / b,
    (DaysTimeDuration, Decimal): lambda a, b: _days_time(_shrink(a.nanos, b)),
    (YearsMonthsDuration, Decimal): lambda a, b: _months(_shrink(a.months, b)),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: Decimal(a.nanos) / Decimal(b.nanos),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: Decimal(a.months) / Decimal(b.months),
}
