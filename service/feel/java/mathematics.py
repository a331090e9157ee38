"""`java.lang.Math`: every method but `random`, which gives another value each time.

Where Java gives NaN or an infinity, Python raises or gives the same; both end as null.

Source: Java SE 21 API, java.lang.Math.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from service.feel.java.conversion import BITS, as_float, float_beside, nearest_float
from service.feel.java.table import static

_OWNER = "java.lang.Math"
_INTEGERS = ("int", "long")
_FLOATS = ("float", "double")


def _over(kinds: tuple[str, ...], name: str, arity: int, call: Callable[..., Any]) -> None:
    for kind in kinds:
        static(_OWNER, f"{name}({','.join([kind] * arity)})", kind, call)


def _exact(name: str, arity: int, call: Callable[..., int]) -> None:
    """Register a method that fails where the type of its arguments is left."""
    for kind in _INTEGERS:
        static(_OWNER, f"{name}({','.join([kind] * arity)})", kind, within(kind, call))


def within(kind: str, call: Callable[..., int]) -> Callable[..., int]:
    """Return the same function, refusing results beyond an integer type."""
    limit = 2 ** (BITS[kind] - 1)

    def checked(*arguments: int) -> int:
        result = call(*arguments)
        if not -limit <= result < limit:
            raise OverflowError(result)
        return result

    return checked


def divided(a: int, b: int) -> int:
    """Return the quotient cut towards zero, as Java's `/`."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _rounded(value: float, kind: str) -> int:
    limit = 2 ** (BITS[kind] - 1)
    nearest = math.floor(Fraction(value) + Fraction(1, 2))
    return int(max(-limit, min(limit - 1, nearest)))


def _clamped(value: Any, least: Any, most: Any) -> Any:
    if least > most:
        raise ValueError(least)
    return max(least, min(most, value))


def _signum(value: float) -> float:
    return math.copysign(1.0, value) if value else value


def _exponent(value: float, least: int) -> int:
    return max(math.frexp(value)[1] - 1, least - 1) if value else least - 1


def _float_ulp(value: float) -> float:
    return float_beside(abs(value), 1) - abs(value)


def _float_after(start: float, towards: float) -> float:
    if start == towards:
        return start
    return float_beside(start, 1 if towards > start else -1)


for _name, _call in {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos,
    "atan": math.atan, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "exp": math.exp,
    "expm1": math.expm1, "log": math.log, "log10": math.log10, "log1p": math.log1p,
    "sqrt": math.sqrt, "cbrt": math.cbrt, "rint": lambda a: float(round(a)),
    "ceil": lambda a: float(math.ceil(a)), "floor": lambda a: float(math.floor(a)),
    "toRadians": lambda a: a * (math.pi / 180), "toDegrees": lambda a: a * (180 / math.pi),
}.items():  # fmt: skip
    _over(("double",), _name, 1, _call)
for _name, _pair in {
    "atan2": math.atan2, "hypot": math.hypot, "pow": math.pow, "IEEEremainder": math.remainder,
}.items():  # fmt: skip
    _over(("double",), _name, 2, _pair)

_over((*_INTEGERS, *_FLOATS), "abs", 1, abs)
_over((*_INTEGERS, *_FLOATS), "max", 2, max)
_over((*_INTEGERS, *_FLOATS), "min", 2, min)
_over(_FLOATS, "signum", 1, _signum)
_over(_FLOATS, "copySign", 2, math.copysign)
_over(("double",), "ulp", 1, math.ulp)
_over(("float",), "ulp", 1, _float_ulp)
_over(("double",), "nextUp", 1, lambda a: math.nextafter(a, math.inf))
_over(("double",), "nextDown", 1, lambda a: math.nextafter(a, -math.inf))
_over(("double",), "nextAfter", 2, math.nextafter)
_over(("float",), "nextUp", 1, lambda a: float_beside(a, 1))
_over(("float",), "nextDown", 1, lambda a: float_beside(a, -1))
static(_OWNER, "nextAfter(float,double)", "float", _float_after)
_over(("double",), "fma", 3, lambda a, b, c: float(Fraction(a) * Fraction(b) + Fraction(c)))
_over(("float",), "fma", 3, lambda a, b, c: nearest_float(Fraction(a) * Fraction(b) + Fraction(c)))
static(_OWNER, "round(double)", "long", lambda a: _rounded(a, "long"))
static(_OWNER, "round(float)", "int", lambda a: _rounded(a, "int"))
static(_OWNER, "getExponent(double)", "int", lambda a: _exponent(a, -1022))
static(_OWNER, "getExponent(float)", "int", lambda a: _exponent(a, -126))
static(_OWNER, "scalb(double,int)", "double", math.ldexp)
static(_OWNER, "scalb(float,int)", "float", lambda a, n: as_float(math.ldexp(a, n)))

_exact("addExact", 2, lambda a, b: a + b)
_exact("subtractExact", 2, lambda a, b: a - b)
_exact("multiplyExact", 2, lambda a, b: a * b)
_exact("divideExact", 2, divided)
_exact("floorDivExact", 2, lambda a, b: a // b)
_exact("ceilDivExact", 2, lambda a, b: -(-a // b))
_exact("negateExact", 1, lambda a: -a)
_exact("absExact", 1, abs)
_exact("incrementExact", 1, lambda a: a + 1)
_exact("decrementExact", 1, lambda a: a - 1)
_over(_INTEGERS, "floorDiv", 2, lambda a, b: a // b)
_over(_INTEGERS, "floorMod", 2, lambda a, b: a % b)
_over(_INTEGERS, "ceilDiv", 2, lambda a, b: -(-a // b))
_over(_INTEGERS, "ceilMod", 2, lambda a, b: -(-a % b))
static(_OWNER, "floorDiv(long,int)", "long", lambda a, b: a // b)
static(_OWNER, "floorMod(long,int)", "int", lambda a, b: a % b)
static(_OWNER, "ceilDiv(long,int)", "long", lambda a, b: -(-a // b))
static(_OWNER, "ceilMod(long,int)", "int", lambda a, b: -(-a % b))
static(_OWNER, "multiplyExact(long,int)", "long", within("long", lambda a, b: a * b))
static(_OWNER, "multiplyFull(int,int)", "long", lambda a, b: a * b)
static(_OWNER, "multiplyHigh(long,long)", "long", lambda a, b: (a * b) >> 64)
static(
    _OWNER,
    "unsignedMultiplyHigh(long,long)",
    "long",
    lambda a, b: ((a % 2**64) * (b % 2**64)) >> 64,
)
static(_OWNER, "toIntExact(long)", "int", within("int", lambda a: a))
static(_OWNER, "clamp(long,int,int)", "int", _clamped)
_over(("long", "double", "float"), "clamp", 3, _clamped)
