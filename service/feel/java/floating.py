"""The static methods of `java.lang.Float` and `java.lang.Double` that compute values.

Source: Java SE 21 API, java.lang; The Java Language Specification §3.10.2 for the texts of numbers.
"""

import re
import struct
from fractions import Fraction

from service.feel.java.conversion import STRING, float_text, nearest_float
from service.feel.java.table import static

_BOXES = {"float": "java.lang.Float", "double": "java.lang.Double"}
_PARSERS = {"float": "parseFloat", "double": "parseDouble"}
_WRITTEN = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?)[fFdD]?", re.ASCII)
_WHITE = "".join(map(chr, range(33)))


def parsed(text: str, kind: str) -> float:
    """Return the number a text stands for (`1.5`, `2e3`, `1.5f`); white space around it is dropped.

    Raises:
        ValueError: It is none (Java's NumberFormatException).
        OverflowError: It is infinite.
    """
    match = _WRITTEN.fullmatch(text.strip(_WHITE))
    if match is None:
        raise ValueError(text)
    value = float(match[1])
    if kind == "double":
        return value
    return nearest_float(Fraction(match[1])) if abs(value) > 1e-46 else 0.0


def double_text(value: float, digits: str | None = None) -> str:
    """Return a double as `Double.toString` writes it: `1.0`, `1.0E10`, `1.234E-5`.

    Args:
        digits: Its shortest decimal, when that is not the one of a double.
    """
    shortest = repr(value) if digits is None else digits
    mantissa, _, exponent = f"{shortest}".lower().partition("e")
    if 1e-3 <= abs(value) < 1e7 or value == 0:
        plain = f"{value:.{_decimals(mantissa, exponent)}f}"
        return plain if "." in plain else plain + ".0"
    return _scientific(mantissa, int(exponent or 0))


def _decimals(mantissa: str, exponent: str) -> int:
    fraction = mantissa.partition(".")[2].rstrip("0")
    return max(1, len(fraction) - int(exponent or 0))


def _scientific(mantissa: str, exponent: int) -> str:
    sign, body = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _, fraction = body.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent += len(whole) - 1 - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def float_as_text(value: float) -> str:
    """Return a 32-bit float as `Float.toString` writes it."""
    return double_text(value, float_text(value))


def _compared(a: float, b: float) -> int:
    return int(a > b) - int(a < b)


def _float_bits(value: float) -> int:
    return int(struct.unpack(">i", struct.pack(">f", value))[0])


def _double_bits(value: float) -> int:
    return int(struct.unpack(">q", struct.pack(">d", value))[0])


def _register(kind: str) -> None:
    owner = _BOXES[kind]
    for name in ("valueOf", _PARSERS[kind]):
        static(owner, f"{name}({STRING})", kind, lambda text: parsed(text, kind))
    static(owner, f"valueOf({kind})", kind, lambda a: a)
    static(owner, f"toString({kind})", STRING, float_as_text if kind == "float" else double_text)
    static(owner, f"compare({kind},{kind})", "int", _compared)
    static(owner, f"max({kind},{kind})", kind, max)
    static(owner, f"min({kind},{kind})", kind, min)
    static(owner, f"sum({kind},{kind})", kind, lambda a, b: a + b)
    # FEEL has finite numbers only, so these three know their answer.
    static(owner, f"isNaN({kind})", "boolean", lambda a: False)
    static(owner, f"isInfinite({kind})", "boolean", lambda a: False)
    static(owner, f"isFinite({kind})", "boolean", lambda a: True)


_register("float")
_register("double")
static(_BOXES["float"], "floatToIntBits(float)", "int", _float_bits)
static(_BOXES["double"], "doubleToLongBits(double)", "long", _double_bits)
