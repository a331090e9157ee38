"""The static methods of `java.lang.String`, `Character` and `Boolean` that compute values.

Source: Java SE 21 API, java.lang.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from service.feel.java.conversion import OBJECT, STRING
from service.feel.java.floating import double_text, float_as_text
from service.feel.java.formatting import formatted, object_text
from service.feel.java.table import static

_CHARACTER = "java.lang.Character"
_BOOLEAN = "java.lang.Boolean"
_SEQUENCE = "java.lang.CharSequence"
_NO_BREAK_SPACES = "\u00a0\u2007\u202f"
_CONTROL_SPACES = "\t\n\x0b\f\r\x1c\x1d\x1e\x1f"


def truth(value: bool) -> str:
    """Return a boolean as Java writes it."""
    return "true" if value else "false"


def _is_white(unit: str) -> bool:
    is_separator = unicodedata.category(unit) in ("Zs", "Zl", "Zp")
    return (is_separator and unit not in _NO_BREAK_SPACES) or unit in _CONTROL_SPACES


def _in_case(unit: str, changed: str) -> str:
    return changed if len(changed) == 1 and ord(changed) <= 0xFFFF else unit


def _numeric_value(unit: str) -> int:
    if unit.isascii() and unit.isalpha():
        return ord(unit.lower()) - ord("a") + 10
    value = unicodedata.numeric(unit, -1.0)
    if value == -1.0:
        return -1
    return int(value) if value >= 0 and value == int(value) else -2


def _is_true(text: str) -> bool:
    return text.lower() == "true"


def _compared(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


def _category(*wanted: str) -> Any:
    return lambda unit: unicodedata.category(unit) in wanted


_LETTERS = ("Lu", "Ll", "Lt", "Lm", "Lo")

_TEXTS: dict[str, Callable[[Any], str]] = {
    "boolean": truth, "char": str, "int": str, "long": str, OBJECT: object_text,
    "double": double_text, "float": float_as_text,
}  # fmt: skip
for _kind, _text in _TEXTS.items():
    static(STRING, f"valueOf({_kind})", STRING, _text)
static(STRING, f"format({STRING},{OBJECT}[])", STRING, formatted)
static(
    STRING, f"join({_SEQUENCE},{_SEQUENCE}[])", STRING, lambda between, parts: between.join(parts)
)

for _name, _test in {
    "isDigit": _category("Nd"), "isLetter": _category(*_LETTERS),
    "isLetterOrDigit": _category("Nd", *_LETTERS), "isUpperCase": str.isupper,
    "isLowerCase": str.islower, "isTitleCase": _category("Lt"), "isWhitespace": _is_white,
    "isSpaceChar": _category("Zs", "Zl", "Zp"), "isDefined": lambda unit: not _category("Cn")(unit),
    "isISOControl": _category("Cc"),
}.items():  # fmt: skip
    static(_CHARACTER, f"{_name}(char)", "boolean", _test)
static(_CHARACTER, "toUpperCase(char)", "char", lambda unit: _in_case(unit, unit.upper()))
static(_CHARACTER, "toLowerCase(char)", "char", lambda unit: _in_case(unit, unit.lower()))
static(_CHARACTER, "getNumericValue(char)", "int", _numeric_value)
static(_CHARACTER, "valueOf(char)", "char", str)
static(_CHARACTER, "toString(char)", STRING, str)
static(_CHARACTER, "compare(char,char)", "int", lambda a, b: ord(a) - ord(b))

for _name in ("valueOf", "parseBoolean"):
    static(_BOOLEAN, f"{_name}({STRING})", "boolean", _is_true)
static(_BOOLEAN, "valueOf(boolean)", "boolean", lambda a: a)
static(_BOOLEAN, "toString(boolean)", STRING, truth)
static(_BOOLEAN, "compare(boolean,boolean)", "int", _compared)
static(_BOOLEAN, "logicalAnd(boolean,boolean)", "boolean", lambda a, b: a and b)
static(_BOOLEAN, "logicalOr(boolean,boolean)", "boolean", lambda a, b: a or b)
static(_BOOLEAN, "logicalXor(boolean,boolean)", "boolean", lambda a, b: a is not b)
