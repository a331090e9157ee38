"""FEEL values as values of Java types and back.

    Java                             Python
    byte, short, int, long           int, within the type's bits
    float, double                    float; a float holds what 32 bits can
    char, java.lang.String           str; a char is one UTF-16 unit
    boolean                          bool
    java.lang.Object                 the FEEL value; a number stands for a java.math.BigDecimal

Source: DMN 1.5 §10.3.2.13.3, table 56; The Java Language Specification §4.2, §5.1.
"""

import math
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.feel.errors import Fault
from service.feel.values import type_label
from service.feel.wording import verbatim

BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}
STRING = "java.lang.String"
OBJECT = "java.lang.Object"
_LARGEST_FLOAT = 3.4028234663852886e38
_BOXES = {
    "java.lang.Byte": "byte",
    "java.lang.Short": "short",
    "java.lang.Integer": "int",
    "java.lang.Long": "long",
    "java.lang.Float": "float",
    "java.lang.Double": "double",
    "java.lang.Character": "char",
    "java.lang.Boolean": "boolean",
    "java.lang.CharSequence": STRING,
}


def to_java(value: Any, kind: str) -> Any:
    """Return a FEEL value as a value of a Java type.

    Raises:
        Fault: It is none, or would not survive the way.
    """
    kind = _BOXES.get(kind, kind)
    if kind == OBJECT:
        return value
    if kind in BITS:
        return _integer(value, kind)
    converted = _TAKERS[kind](value)
    if converted is None:
        raise _unfit(value, kind)
    return converted


def _unfit(value: Any, kind: str) -> Fault:
    shown = f" {value}"[:40] if isinstance(value, Decimal | str) else ""
    label = type_label(value)
    return Fault(
        f"{label}{verbatim(shown)}不能作为 Java 的 {kind}",
        f"Cannot take {label:en}{shown} as Java's {kind}.",
    )


def _integer(value: Any, kind: str) -> int:
    limit = 2 ** (BITS[kind] - 1)
    if not isinstance(value, Decimal) or value.adjusted() > 20:
        raise _unfit(value, kind)
    if value != value.to_integral_value() or not -limit <= value < limit:
        raise _unfit(value, kind)
    return int(value)


def _double(value: Any) -> float | None:
    if not isinstance(value, Decimal):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _float(value: Any) -> float | None:
    number = _double(value)
    if number is None or abs(number) > _LARGEST_FLOAT:
        return None
    return nearest_float(Fraction(value))


def _char(value: Any) -> str | None:
    is_unit = isinstance(value, str) and len(value) == 1 and ord(value) <= 0xFFFF
    return value if is_unit else None


_TAKERS: dict[str, Callable[[Any], Any]] = {
    "double": _double,
    "float": _float,
    "char": _char,
    "boolean": lambda value: value if isinstance(value, bool) else None,
    STRING: lambda value: value if isinstance(value, str) else None,
}


def from_java(value: Any, kind: str) -> Any:
    """Return the FEEL value of what a method of a return type gives; integers wrap around.

    Raises:
        Fault: It is NaN or infinite, which FEEL has no number for.
    """
    if kind in BITS:
        return Decimal(wrapped(int(value), kind))
    if kind in ("float", "double"):
        if not math.isfinite(value):
            raise no_result()
        return Decimal(float_text(value) if kind == "float" else repr(float(value))) + 0
    return value


def no_result() -> Fault:
    """Return the fault of a calculation without a finite result."""
    return Fault("算式没有结果", "The calculation has no finite result.", "arithmetic")


def wrapped(value: int, kind: str) -> int:
    """Return an integer cut to the bits of its type, in two's complement."""
    bits = BITS[kind]
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def as_float(value: float) -> float:
    """Return the 32-bit float nearest to a double.

    Raises:
        OverflowError: There is none.
    """
    return float(struct.unpack("f", struct.pack("f", value))[0])


def nearest_float(exact: Fraction) -> float:
    """Return the 32-bit float nearest to an exact number, ties to even, without rounding twice."""
    first = as_float(float(exact))
    candidates = (first, float_beside(first, 1), float_beside(first, -1))
    return min(
        filter(math.isfinite, candidates),
        key=lambda one: (abs(Fraction(one) - exact), _bits_of(one) & 1),
    )


def _bits_of(value: float) -> int:
    return int(struct.unpack("i", struct.pack("f", value))[0])


def float_beside(value: float, direction: int) -> float:
    """Return the 32-bit float next above (1) or below (-1)."""
    if value == 0:
        return math.copysign(2.0**-149, direction)
    bits = _bits_of(value) + (direction if value > 0 else -direction)
    return float(struct.unpack("f", struct.pack("i", bits))[0])


def float_text(value: float) -> str:
    """Return the shortest decimal that means this 32-bit float."""
    return next(
        text
        for text in (f"{value:.{digits}g}" for digits in range(1, 10))
        if as_float(float(text)) == value
    )
