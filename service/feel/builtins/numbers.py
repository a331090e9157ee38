"""Functions of numbers.

Source: DMN 1.5 §10.3.4.5, table 78.
"""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from service.feel.arithmetic import negate
from service.feel.builtins.registry import builtin
from service.feel.errors import Fault
from service.feel.values import DaysTimeDuration, YearsMonthsDuration

_SCALE_LOW, _SCALE_HIGH = -6111, 6176
_MODES = {
    "UP": ROUND_UP,
    "DOWN": ROUND_DOWN,
    "CEILING": ROUND_CEILING,
    "FLOOR": ROUND_FLOOR,
    "HALF_UP": ROUND_HALF_UP,
    "HALF_DOWN": ROUND_HALF_DOWN,
    "HALF_EVEN": ROUND_HALF_EVEN,
}


def whole(value: Decimal) -> int:
    """Return a number as an int.

    Raises:
        Fault: It has a fraction, or is beyond counting.
    """
    if value != value.to_integral_value() or abs(value) > 10**15:
        raise Fault(f"应为整数，实际为 {value}", f"Expected a whole number, but got {value}.")
    return int(value)


def _rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal:
    digits = int(scale.to_integral_value(ROUND_DOWN)) if abs(scale) < 10**6 else 10**6
    if not _SCALE_LOW <= digits <= _SCALE_HIGH:
        raise Fault(
            f"小数位数应在 {_SCALE_LOW} 与 {_SCALE_HIGH} 之间，实际为 {scale}",
            f"Expected a scale from {_SCALE_LOW} to {_SCALE_HIGH}, but got {scale}.",
        )
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return number
    if number.adjusted() + digits < -1:
        return _tiny(number, digits, mode)
    return number.quantize(Decimal(1).scaleb(-digits), mode)


def _tiny(number: Decimal, digits: int, mode: str) -> Decimal:
    unit = Decimal(1).scaleb(-digits)
    away = {ROUND_UP: True, ROUND_CEILING: number > 0, ROUND_FLOOR: number < 0}.get(mode, False)
    if not away or not number:
        return Decimal(0)
    return unit if number > 0 else -unit


@builtin("decimal", "n: number", "scale: number")
def _decimal(number: Decimal, scale: Decimal) -> Decimal:
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("decimal", "n: number", "scale: number", "mode: string")
def _decimal_in_mode(number: Decimal, scale: Decimal, mode: str) -> Decimal:
    rounding = _MODES.get(mode.upper())
    if rounding is None:
        raise Fault(
            f"舍入方式应为 {', '.join(_MODES)} 之一，实际为“{mode[:40]}”",
            f"Expected a rounding mode of {', '.join(_MODES)}, but got '{mode[:40]}'.",
        )
    return _rounded(number, scale, rounding)


@builtin("floor", "n: number", "scale?: number")
def _floor(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number", "scale?: number")
def _ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_CEILING)


@builtin("round up", "n: number", "scale?: number")
def _round_up(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number", "scale?: number")
def _round_down(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number", "scale?: number")
def _round_half_up(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale?: number")
def _round_half_down(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number")
def _abs(number: Decimal) -> Decimal:
    return abs(number)


@builtin("abs", "duration: days and time duration")
def _abs_days_time(length: DaysTimeDuration) -> DaysTimeDuration:
    return negate(length) if length.nanos < 0 else length


@builtin("abs", "years and months: years and months duration")
def _abs_years_months(length: YearsMonthsDuration) -> YearsMonthsDuration:
    return negate(length) if length.months < 0 else length


@builtin("modulo", "dividend: number", "divisor: number")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Fault("除数为 0", "The divisor is 0.", "arithmetic")
    rest = dividend % divisor
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number", cost=10)
def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise Fault("负数没有平方根", "A negative number has no square root.", "arithmetic")
    return number.sqrt()


@builtin("log", "number: number", cost=60)
def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise Fault("对数只对正数有定义", "Only positive numbers have logarithms.", "arithmetic")
    return number.ln()


@builtin("exp", "number: number", cost=40)
def _exp(number: Decimal) -> Decimal:
    return number.exp()


@builtin("odd", "number: number")
def _odd(number: Decimal) -> bool:
    return number % 2 in (1, -1)


@builtin("even", "number: number")
def _even(number: Decimal) -> bool:
    return number % 2 == 0
