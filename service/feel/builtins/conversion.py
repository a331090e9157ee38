"""Functions from one type to another: number, string, and JSON text.

Source: DMN 1.5 §10.3.4.1, table 74; Camunda 8 FEEL built-ins (`from json`, `to json`).
"""

import json
import re
from decimal import Decimal
from typing import Any

from service.domain.errors import BadInputError
from service.feel.builtins.registry import builtin
from service.feel.builtins.strings import checked_length
from service.feel.errors import Fault
from service.feel.json_values import from_json, to_json
from service.feel.run import Run
from service.feel.temporal_text import text_of
from service.feel.values import (
    Date,
    DateTime,
    DaysTimeDuration,
    Range,
    Time,
    YearsMonthsDuration,
)

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@builtin("number", "from: string")
def _number(text: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise Fault(f"不是数字：“{text[:40]}”", f"No number: '{text[:40]}'.")
    return +Decimal(text)


@builtin("number", "from: string", "grouping separator: string?", "decimal separator?: string?")
def _number_with_signs(text: str, grouping: str | None, point: str | None = None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise Fault(
            "分组符应为空格、逗号或句点，小数点应为逗号或句点",
            "Expected a space, comma or point to group digits and a comma or point for decimals.",
        )
    if grouping is not None and grouping == point:
        raise Fault("分组符与小数点不得相同", "Expected the two separators to differ.")
    if grouping is not None:
        text = text.replace(grouping, "")
    if point is not None and point != ".":
        if "." in text:
            raise Fault(f"不是数字：“{text[:40]}”", f"No number: '{text[:40]}'.")
        text = text.replace(point, ".")
    return _number(text)


@builtin("string", "from", needs_run=True)
def _string(run: Run, value: Any) -> str | None:
    run.step(_weight(run, value))
    return string_of(value)


def _weight(run: Run, value: Any) -> int:
    return run.scales.weight(value) if isinstance(value, list | dict) else 0


def string_of(value: Any) -> str | None:
    """Return a value as text; a string inside a list or context is quoted."""
    return None if value is None else checked_length(_text(value, is_inner=False))


def _text(value: Any, is_inner: bool) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value) if is_inner else value
        case Decimal():
            return number_text(value)
        case Date() | Time() | DateTime() | DaysTimeDuration() | YearsMonthsDuration():
            return text_of(value)
        case list():
            return f"[{', '.join(_text(item, is_inner=True) for item in value)}]"
        case dict():
            entries = (f"{_key(key)}: {_text(item, True)}" for key, item in value.items())
            return f"{{{', '.join(entries)}}}"
        case Range():
            return _range_text(value)
    return "function"


def number_text(number: Decimal) -> str:
    """Return a number without exponent and without useless zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w?][\w? .+*/'-]*", key) else _quoted(key)


def _range_text(interval: Range) -> str:
    if interval.operator:
        return f"({interval.operator} {_text(interval.end, True)})"
    if interval.is_half_open and interval.start is not None:
        return f"({'>=' if interval.start_included else '>'} {_text(interval.start, True)})"
    if interval.is_half_open:
        return f"({'<=' if interval.end_included else '<'} {_text(interval.end, True)})"
    start, end = "[" if interval.start_included else "(", "]" if interval.end_included else ")"
    return f"{start}{_text(interval.start, True)}..{_text(interval.end, True)}{end}"


@builtin("from json", "value: string")
def _from_json(text: str) -> Any:
    try:
        return from_json(json.loads(text, parse_float=Decimal, parse_constant=_refused))
    except (ValueError, RecursionError, BadInputError) as error:
        raise Fault("不是合法的 JSON 文本", "The text is no JSON.") from error


def _refused(word: str) -> Any:
    raise ValueError(word)


@builtin("to json", "value", needs_run=True)
def _to_json(run: Run, value: Any) -> str:
    run.step(_weight(run, value))
    return checked_length(json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":")))
