"""`String.format`: Java's Formatter over texts, booleans, numbers (as BigDecimal) and null.

As in Java, `%d`, `%x`, `%o` and `%c` refuse a BigDecimal, which is what a FEEL number is there; `%.0f`
writes it without decimals. Refused with a reason, too: `%t` (dates), `%h` (hash codes), `%a`.

Source: Java SE 21 API, java.util.Formatter; locale: root.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from service.feel.errors import Fault, text_too_long
from service.feel.limits import STRING_CHARACTERS
from service.feel.values import type_label

_SPECIFIER = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([tT]?[a-zA-Z%])|%", re.ASCII)
_WIDE = Context(prec=2 * STRING_CHARACTERS, rounding=ROUND_HALF_UP, Emin=-999999, Emax=999999)


@dataclass(frozen=True)
class _Specifier:
    """One `%…` of a format."""

    written: str
    index: int | None
    flags: str
    width: int | None
    precision: int | None
    conversion: str

    def fault(self) -> Fault:
        """Return the fault that Java's Formatter refuses it."""
        return Fault(
            f"格式“{self.written}”不适用", f"The format '{self.written}' does not apply here."
        )


def object_text(value: Any) -> str:
    """Return what `String.valueOf(Object)` gives.

    Raises:
        Fault: It is neither text, number, boolean nor null.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Decimal):
        return str(value)
    label = type_label(value)
    raise Fault(
        f"只能格式化文本、数字和布尔值，实际为{label}",
        f"Only texts, numbers and booleans can be formatted, but got {label:en}.",
    )


def formatted(pattern: str, arguments: list[Any]) -> str:
    """Return the pattern with its specifiers filled in.

    Raises:
        Fault: A specifier is wrong, does not fit its argument or has none.
        LimitExceeded: The text becomes too long.
    """
    parts: list[str] = []
    ordinary, last, size = 0, -1, 0
    at = 0
    for match in _SPECIFIER.finditer(pattern):
        one = _specifier(match)
        value = None
        if one.conversion not in ("%", "n"):
            if "<" in one.flags:
                index = last
            elif one.index is not None:
                index = one.index - 1
            else:
                index, ordinary = ordinary, ordinary + 1
            if not 0 <= index < len(arguments):
                raise _missing(one)
            value, last = arguments[index], index
        parts += [pattern[at : match.start()], _converted(one, value)]
        size += len(parts[-1]) + len(parts[-2])
        if size > STRING_CHARACTERS:
            raise text_too_long()
        at = match.end()
    return "".join([*parts, pattern[at:]])


def _missing(one: _Specifier) -> Fault:
    return Fault(
        f"格式“{one.written}”没有对应的参数", f"The format '{one.written}' has no argument."
    )


def _specifier(match: re.Match[str]) -> _Specifier:
    index, flags, width, precision, conversion = match.groups()
    numbers = [None if text is None else int(text[:8]) for text in (index, width, precision)]
    one = _Specifier(match[0], numbers[0], flags or "", numbers[1], numbers[2], conversion or "")
    _check(one)
    return one


def _check(one: _Specifier) -> None:
    if one.conversion not in _ALLOWED:
        raise one.fault()
    flags = one.flags
    too_much = (
        len(set(flags)) < len(flags)
        or ("-" in flags and "0" in flags)
        or ("+" in flags and " " in flags)
        or (("-" in flags or "0" in flags) and one.width is None)
        or not set(flags) <= set(_ALLOWED[one.conversion])
        or (one.precision is not None and one.conversion in ("%", "n"))
        or (one.width is not None and one.conversion == "n")
    )
    if too_much:
        raise one.fault()
    if max(one.width or 0, one.precision or 0) > STRING_CHARACTERS:
        raise text_too_long()


def _converted(one: _Specifier, value: Any) -> str:
    convert = _CONVERSIONS[one.conversion.lower()]
    text = convert(one, value)
    if one.conversion.isupper():
        text = text.upper()
    width = one.width or 0
    return text.ljust(width) if "-" in one.flags else text.rjust(width)


def _general(one: _Specifier, text: str) -> str:
    return text if one.precision is None else text[: one.precision]


def _boolean(one: _Specifier, value: Any) -> str:
    truth = value if isinstance(value, bool) else value is not None
    return _general(one, "true" if truth else "false")


def _string(one: _Specifier, value: Any) -> str:
    return _general(one, object_text(value))


def _number(body: Callable[[Decimal, int], str]) -> Callable[[_Specifier, Any], str]:
    def convert(one: _Specifier, value: Any) -> str:
        if value is None:
            return _general(one, "null")
        if not isinstance(value, Decimal):
            raise one.fault()
        precision = 6 if one.precision is None else one.precision
        return _signed(one, value.is_signed() and bool(value), body(abs(value), precision))

    return convert


def _signed(one: _Specifier, is_negative: bool, digits: str) -> str:
    flags = one.flags
    if "#" in flags and "." not in digits:
        head, mark, tail = digits.partition("e")
        digits = f"{head}.{mark}{tail}"
    if "," in flags:
        whole, point, fraction = digits.partition(".")
        digits = f"{int(whole):,}{point}{fraction}"
    if is_negative:
        before, after = ("(", ")") if "(" in flags else ("-", "")
    else:
        before, after = ("+" if "+" in flags else " " if " " in flags else ""), ""
    if "0" in flags:
        digits = digits.rjust((one.width or 0) - len(before) - len(after), "0")
    return before + digits + after


def _fixed(value: Decimal, precision: int) -> str:
    return f"{_WIDE.quantize(value, Decimal((0, (1,), -precision))):f}"


def _scientific(value: Decimal, precision: int) -> str:
    if not value:
        return f"{_fixed(value, precision)}e+00"
    exponent = value.adjusted()
    mantissa = _WIDE.quantize(_WIDE.scaleb(value, -exponent), Decimal((0, (1,), -precision)))
    if mantissa.adjusted() > 0:
        exponent += 1
        mantissa = _WIDE.quantize(_WIDE.scaleb(value, -exponent), Decimal((0, (1,), -precision)))
    return f"{mantissa:f}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _shorter(value: Decimal, precision: int) -> str:
    precision = max(1, precision)
    if not value:
        return _fixed(value, precision - 1)
    unit = Decimal((0, (1,), value.adjusted() - precision + 1))
    rounded = _WIDE.quantize(value, unit)
    if Decimal("0.0001") <= rounded < Decimal(10) ** precision:
        return _fixed(value, precision - 1 - rounded.adjusted())
    return _scientific(value, precision - 1)


def _refused(one: _Specifier, value: Any) -> str:
    if value is None:
        return "null"
    raise one.fault()


_CONVERSIONS: dict[str, Callable[[_Specifier, Any], str]] = {
    "b": _boolean,
    "s": _string,
    "f": _number(_fixed),
    "e": _number(_scientific),
    "g": _number(_shorter),
    "%": lambda one, value: "%",
    "n": lambda one, value: "\n",
    **dict.fromkeys("cdox", _refused),
}
_ALLOWED: dict[str, str] = {
    **dict.fromkeys("bBsScC", "-<"),
    "d": "-+ 0,(<",
    **dict.fromkeys("oxX", "-#+ 0(<"),
    "f": "-#+ 0,(<",
    **dict.fromkeys("eE", "-#+ 0(<"),
    **dict.fromkeys("gG", "-+ 0,(<"),
    "%": "-",
    "n": "",
}
