"""Mistakes in the plain attributes of a component: types, ranges, what our pages would block."""

from collections.abc import Callable, Iterator, Mapping
from re import IGNORECASE
from re import compile as compile_pattern
from typing import Any

from service.feel import Text
from service.forms.checked import decimal_of
from service.forms.kinds import CHOICES
from service.forms.mistakes import (
    INTEGER,
    LIST,
    OBJECT,
    STRING,
    TRUE_OR_FALSE,
    must_be,
    must_be_one_of,
)

Mistake = tuple[str, Text]
"""Rule and sentence of one finding."""

_NOT_NEGATIVE = Text("不小于 0 的整数", "an integer that is not negative")
_POSITIVE = Text("大于 0 的数字", "a number greater than 0")
_COUNT = Text(" 0 到 100 的整数", "an integer from 0 to 100")
_LIMIT = Text("数字或以“=”开头的表达式", "a number, or an expression that begins with '='")
_NO_OPTIONS = Text(
    "选择类组件缺少选项来源。",
    "The component has no options: it needs 'values', 'valuesKey' or 'valuesExpression'.",
)
_ACTIVE_HTML = Text(
    "HTML 内容不能带脚本或内嵌网页：页面安全策略会阻止其运行。",
    "The HTML must hold no scripts or embedded pages: the security policy of the pages keeps them out.",
)

_ACTIVE = compile_pattern(r"<(?:script|iframe|object|embed)\b", IGNORECASE)
_SUBTYPES = ("date", "time", "datetime")
_TIME_FORMATS = ("utc_offset", "utc_normalized", "no_timezone")
LIMITS = ("min", "max", "minLength", "maxLength")
_SECTIONS = ("validate", "conditional", "appearance", "properties", "layout")
_FLAGS = ("disabled", "disallowPassedDates", "allowAddRemove", "serializeToString", "use24h")


def attribute_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong with a component beside its expressions, its key and its place."""
    yield from _section_mistakes(raw)
    yield from _limit_mistakes(raw)
    of_type = _BY_TYPE.get(raw["type"])
    if of_type is not None:
        yield from of_type(raw)


def _section_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    for name in _SECTIONS:
        if not isinstance(raw.get(name) or {}, Mapping):
            yield "wrong_type", must_be(name, OBJECT)
    for name in _FLAGS:
        if not isinstance(raw.get(name, False), bool):
            yield "wrong_type", must_be(name, TRUE_OR_FALSE)
    required = _checks(raw).get("required", False)
    if not isinstance(required, bool):
        yield "wrong_type", must_be("validate.required", TRUE_OR_FALSE)


def _limit_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    for name in LIMITS:
        value = _checks(raw).get(name)
        is_feel = isinstance(value, str) and value.startswith("=")
        if value not in (None, "") and not is_feel and decimal_of(value) is None:
            yield "wrong_type", must_be(f"validate.{name}", _LIMIT)
    if not isinstance(_checks(raw).get("pattern") or "", str):
        yield "bad_pattern", must_be("validate.pattern", STRING)
    kind = _checks(raw).get("validationType")
    if kind not in (None, "", "custom", "email", "phone"):
        text = Text(
            f"不支持的 validationType“{kind}”。", f"The validationType '{kind}' is not supported."
        )
        yield "wrong_type", text


def _choice_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    sources = [name for name in ("values", "valuesKey", "valuesExpression") if raw.get(name)]
    if not sources:
        yield "missing_options", _NO_OPTIONS
    if not isinstance(raw.get("values") or [], list):
        yield "wrong_type", must_be("values", LIST)
    if not isinstance(raw.get("valuesKey") or "", str):
        yield "wrong_type", must_be("valuesKey", STRING)


def _moment_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    if raw.get("subtype", "date") not in _SUBTYPES:
        yield "wrong_type", must_be_one_of("subtype", _SUBTYPES)
    if raw.get("timeSerializingFormat") not in (None, *_TIME_FORMATS):
        yield "wrong_type", must_be_one_of("timeSerializingFormat", _TIME_FORMATS)
    if not _is_whole(raw.get("timeInterval") or 0):
        yield "wrong_type", must_be("timeInterval", INTEGER)


def _number_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    digits = raw.get("decimalDigits")
    if digits is not None and not (_is_whole(digits) and digits >= 0):
        yield "wrong_type", must_be("decimalDigits", _NOT_NEGATIVE)
    step = raw.get("increment")
    number = decimal_of(step)
    if step not in (None, "") and (number is None or number <= 0):
        yield "wrong_type", must_be("increment", _POSITIVE)


def _list_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    count = raw.get("defaultRepetitions", 1)
    if not (_is_whole(count) and 0 <= count <= 100):
        yield "wrong_type", must_be("defaultRepetitions", _COUNT)
    for name in ("minItems", "maxItems"):
        properties = raw.get("properties")
        written = properties.get(name, "0") if isinstance(properties, Mapping) else "0"
        if not (isinstance(written, str) and written.isdecimal()):
            yield "wrong_type", must_be(f"properties.{name}", _NOT_NEGATIVE)


def _html_mistakes(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    if _ACTIVE.search(str(raw.get("content") or "")):
        yield "html_active", _ACTIVE_HTML


def _checks(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    checks = raw.get("validate")
    return checks if isinstance(checks, Mapping) else {}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Mistake]]] = {
    **dict.fromkeys(CHOICES, _choice_mistakes),
    "datetime": _moment_mistakes,
    "number": _number_mistakes,
    "dynamiclist": _list_mistakes,
    "html": _html_mistakes,
}
