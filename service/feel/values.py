"""The values of FEEL that Python has no type for: own temporal types, ranges and functions.

    FEEL                        Python
    null                        None
    number                      Decimal, 34 digits
    string, boolean             str, bool
    date, time, date and time   Date, Time, DateTime
    durations                   DaysTimeDuration, YearsMonthsDuration
    list, context               list, dict
    range, function             Range, Function (given by the host) or Lambda, Builtin (inner)

Source: DMN 1.5 §10.3.2.2, §10.3.2.3.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.feel.wording import Text

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
YEAR_LIMIT = 999_999_999


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar; years reach ±999 999 999."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Attributes:
        nanos: Fraction of the second.
        offset: Seconds east of UTC; None without an offset or with a zone name.
        zone: IANA name, kept as written; None without.
    """

    hour: int
    minute: int
    second: int
    nanos: int = 0
    offset: int | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time; local when the time has neither offset nor zone."""

    date: Date
    time: Time


@dataclass(frozen=True, slots=True)
class DaysTimeDuration:
    """A length in signed nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True)
class YearsMonthsDuration:
    """A length in signed months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None with `is_half_open` set is endless.

    Attributes:
        is_half_open: Written as a comparison (`< 10`), which is never equal to `[null..10)`.
        operator: For `(= 1)` and `(!= 1)`: that operator, the operand being `end`.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    is_half_open: bool = False
    operator: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the host, called with plain Python values and answering with such.

    Dates and times arrive as `datetime` objects, numbers as `Decimal`. A `HuiyinError`, `TypeError`,
    `ValueError` or `ArithmeticError` raised by `call` makes the call null, with a diagnostic.

    Attributes:
        parameters: Names for calls with named arguments, in order of `call`.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Lambda:
    """A function made inside FEEL or DMN, called with FEEL values.

    Attributes:
        types: A type for each parameter (of `service.feel.types`), None where untyped.
        cost: What its body costs, in steps.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    types: tuple[Any, ...] = ()
    returns: Any = None
    cost: int = 6


@dataclass(frozen=True, eq=False)
class Parameter:
    """One parameter of a built-in.

    Attributes:
        kind: The FEEL type demanded, or `any`.
        takes_null: Null may stand for it.
    """

    name: str
    kind: str = "any"
    is_optional: bool = False
    takes_null: bool = False


@dataclass(frozen=True, eq=False)
class Signature:
    """One way of calling a built-in.

    Attributes:
        rest: The last parameter takes all remaining arguments, or one list of them.
        needs_run: The evaluation's state is handed over as first argument.
        cost: What a call costs beyond that of any call, in steps.
        is_glance: It does not look into its arguments, however large they are.
    """

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    rest: bool = False
    needs_run: bool = False
    cost: int = 0
    is_glance: bool = False


@dataclass(frozen=True, eq=False)
class Builtin:
    """A function of the language with all its signatures."""

    name: str
    signatures: list[Signature] = field(default_factory=list)


CLASSES: dict[str, Any] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysTimeDuration,
    "years and months duration": YearsMonthsDuration,
    "list": list,
    "context": dict,
    "range": Range,
    "function": (Function, Lambda, Builtin),
    "null": type(None),
}
"""FEEL types by name, and the Python types of their values."""


def type_label(value: Any) -> Text:
    """Return what a value's type is called in sentences."""
    return _LABELS.get(type(value), _OTHER)


def is_local_date_time(value: object) -> bool:
    """Return whether a FEEL value is a date and time without offset and zone."""
    return isinstance(value, DateTime) and value.time.offset is None and value.time.zone is None


_OTHER = Text("其他类型的值", "a value of another type")
_FUNCTION = Text("函数", "a function")
_LABELS: dict[type, Text] = {
    type(None): Text("空值（null）", "null"),
    bool: Text("布尔值", "a boolean"),
    str: Text("文本", "a text"),
    Decimal: Text("数字", "a number"),
    list: Text("列表", "a list"),
    dict: Text("上下文", "a context"),
    Date: Text("日期", "a date"),
    Time: Text("时间", "a time"),
    DateTime: Text("日期时间", "a date and time"),
    DaysTimeDuration: Text("天数时长", "a days and time duration"),
    YearsMonthsDuration: Text("年月时长", "a years and months duration"),
    Range: Text("区间", "a range"),
    Function: _FUNCTION,
    Lambda: _FUNCTION,
    Builtin: _FUNCTION,
}
