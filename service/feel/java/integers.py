"""The static methods of `java.lang.Byte`, `Short`, `Integer` and `Long` that compute values.

Source: Java SE 21 API, java.lang.
"""

import re
from collections.abc import Callable
from typing import Any

from service.feel.java.conversion import BITS, STRING
from service.feel.java.table import static

_BOXES = {
    "byte": "java.lang.Byte",
    "short": "java.lang.Short",
    "int": "java.lang.Integer",
    "long": "java.lang.Long",
}
_PARSERS = {"byte": "parseByte", "short": "parseShort", "int": "parseInt", "long": "parseLong"}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WRITTEN = re.compile(r"[+-]?[0-9a-zA-Z]+", re.ASCII)


def parsed(text: str, kind: str, radix: int = 10) -> int:
    """Return the integer a text stands for.

    Raises:
        ValueError: It is none of that type (Java's NumberFormatException).
    """
    if not 2 <= radix <= 36 or _WRITTEN.fullmatch(text) is None:
        raise ValueError(text)
    value = int(text, radix)
    limit = 2 ** (BITS[kind] - 1)
    if not -limit <= value < limit:
        raise ValueError(text)
    return value


def based(value: int, radix: int) -> str:
    """Return a whole number in digits of a base; a base out of reach means 10, as in Java."""
    radix = radix if 2 <= radix <= 36 else 10
    digits, rest = "", abs(value)
    while rest:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


def _compared(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


def _unsigned(value: int, kind: str) -> int:
    return value % (1 << BITS[kind])


def _register_common(kind: str) -> None:
    owner, parser = _BOXES[kind], _PARSERS[kind]
    for name in ("valueOf", parser):
        static(owner, f"{name}({STRING})", kind, lambda text: parsed(text, kind))
        static(owner, f"{name}({STRING},int)", kind, lambda text, radix: parsed(text, kind, radix))
    static(owner, f"valueOf({kind})", kind, lambda a: a)
    static(owner, f"toString({kind})", STRING, str)
    static(owner, f"hashCode({kind})", "int", lambda a: a if kind != "long" else a ^ (a >> 32))


def _register_small(kind: str) -> None:
    owner = _BOXES[kind]
    static(owner, f"compare({kind},{kind})", "int", lambda a, b: a - b)
    static(owner, f"toUnsignedInt({kind})", "int", lambda a: _unsigned(a, kind))
    static(owner, f"toUnsignedLong({kind})", "long", lambda a: _unsigned(a, kind))


def _register_large(kind: str) -> None:
    owner, bits = _BOXES[kind], BITS[kind]

    def pair(name: str, call: Callable[[int, int], int], returns: str = kind) -> None:
        static(owner, f"{name}({kind},{kind})", returns, call)

    def one(name: str, call: Callable[[int], Any], returns: str) -> None:
        static(owner, f"{name}({kind})", returns, call)

    pair("compare", _compared, "int")
    pair("max", max)
    pair("min", min)
    pair("sum", lambda a, b: a + b)
    pair("compareUnsigned", lambda a, b: _compared(a % (1 << bits), b % (1 << bits)), "int")
    pair("divideUnsigned", lambda a, b: (a % (1 << bits)) // (b % (1 << bits)))
    pair("remainderUnsigned", lambda a, b: (a % (1 << bits)) % (b % (1 << bits)))
    one("signum", lambda a: _compared(a, 0), "int")
    one("bitCount", lambda a: _unsigned(a, kind).bit_count(), "int")
    one("numberOfLeadingZeros", lambda a: bits - _unsigned(a, kind).bit_length(), "int")
    one("numberOfTrailingZeros", lambda a: ((a & -a).bit_length() - 1) if a else bits, "int")
    one("highestOneBit", lambda a: (1 << _unsigned(a, kind).bit_length()) >> 1, kind)
    one("lowestOneBit", lambda a: a & -a, kind)
    one("reverse", lambda a: int(f"{_unsigned(a, kind):0{bits}b}"[::-1], 2), kind)
    one(
        "reverseBytes",
        lambda a: int.from_bytes(_unsigned(a, kind).to_bytes(bits // 8, "little"), "big"),
        kind,
    )
    one("toBinaryString", lambda a: f"{_unsigned(a, kind):b}", STRING)
    one("toOctalString", lambda a: f"{_unsigned(a, kind):o}", STRING)
    one("toHexString", lambda a: f"{_unsigned(a, kind):x}", STRING)
    one("toUnsignedString", lambda a: str(_unsigned(a, kind)), STRING)
    static(owner, f"toString({kind},int)", STRING, based)
    static(owner, f"rotateLeft({kind},int)", kind, lambda a, n: _rotated(a, n, kind))
    static(owner, f"rotateRight({kind},int)", kind, lambda a, n: _rotated(a, -n, kind))


def _rotated(value: int, count: int, kind: str) -> int:
    bits = BITS[kind]
    whole, count = _unsigned(value, kind), count % bits
    return (whole << count) | (whole >> (bits - count))


for _kind in BITS:
    _register_common(_kind)
for _kind in ("byte", "short"):
    _register_small(_kind)
for _kind in ("int", "long"):
    _register_large(_kind)
static(_BOXES["int"], "toUnsignedLong(int)", "long", lambda a: _unsigned(a, "int"))
static(_BOXES["short"], "reverseBytes(short)", "short", lambda a: ((a & 255) << 8) | (a >> 8 & 255))
