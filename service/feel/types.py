"""FEEL types: which values belong to one, and what a value becomes when a variable demands one.

Source: DMN 1.5 §10.3.2.6 to §10.3.2.9.4.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from service.feel.limits import Spend
from service.feel.values import CLASSES, Builtin, Date, DateTime, Time
from service.feel.wording import Text


@dataclass(frozen=True)
class FeelType:
    """A type.

    Attributes:
        kind: A basic name (`number`, `any`, ...), `list`, `context`, `range`, `function` or `unknown`.
        item: Of a list or range.
        members: Of a context.
        allows: Further test of a value, from allowed values; None for all.
        parameters: Of a function; None when unsaid.
        returns: Of a function.
    """

    kind: str
    item: "FeelType | None" = None
    members: tuple[tuple[str, "FeelType"], ...] = ()
    allows: Callable[[Any, Spend], bool] | None = field(default=None, compare=False)
    parameters: "tuple[FeelType, ...] | None" = None
    returns: "FeelType | None" = None


ANY = FeelType("any")
BASIC_NAMES = {
    "any": "any",
    "Any": "any",
    "null": "null",
    "Null": "null",
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "list": "list",
    "context": "context",
    "range": "range",
    "function": "function",
}

_UNKNOWN = Text("未知类型", "an unknown type")
_LABELS = {
    "any": Text("任意类型", "any type"),
    "null": Text("空值", "null"),
    "number": Text("数字", "a number"),
    "string": Text("文本", "a text"),
    "boolean": Text("布尔值", "a boolean"),
    "date": Text("日期", "a date"),
    "time": Text("时间", "a time"),
    "date and time": Text("日期时间", "a date and time"),
    "days and time duration": Text("天数时长", "a days and time duration"),
    "years and months duration": Text("年月时长", "a years and months duration"),
    "list": Text("列表", "a list"),
    "context": Text("上下文", "a context"),
    "range": Text("区间", "a range"),
    "function": Text("函数", "a function"),
}


def label_of(wanted: FeelType) -> Text:
    """Return what a type is called in sentences."""
    label = _LABELS.get(wanted.kind, _UNKNOWN)
    if wanted.allows is None:
        return label
    return Text(f"{label}（限允许值）", f"{label:en} (of the allowed values)")


def basic_type(name: str) -> FeelType | None:
    """Return the type of a basic name, or None."""
    kind = BASIC_NAMES.get(name)
    return None if kind is None else FeelType(kind)


def is_instance(value: Any, wanted: FeelType, spend: Spend) -> bool:
    """Tell whether a value belongs to a type; null only belongs to `null`.

    Args:
        spend: Told what the looking into the value costs, in steps of the evaluation around.

    Raises:
        LimitExceeded: The evaluation around has no steps left.
    """
    if wanted.kind == "any":
        fits = value is not None
    else:
        expected = CLASSES.get(wanted.kind)
        fits = (
            expected is not None
            and isinstance(value, expected)
            and _parts_fit(value, wanted, spend)
        )
    return fits


def conforms(value: Any, wanted: FeelType, spend: Spend) -> bool:
    """Tell whether a value may stand where the type is demanded; null may anywhere.

    Unlike in `instance of`, allowed values count. Parameter and error as of `is_instance`.
    """
    if value is None:
        return True
    return is_instance(value, wanted, spend) and (
        wanted.allows is None or wanted.allows(value, spend)
    )


def _parts_fit(value: Any, wanted: FeelType, spend: Spend) -> bool:
    if wanted.kind == "list" and wanted.item is not None:
        item_type = wanted.item
        spend(len(value))
        return all(conforms(item, item_type, spend) for item in value)
    if wanted.kind == "context":
        spend(len(wanted.members))
        return all(
            name in value and conforms(value[name], member, spend)
            for name, member in wanted.members
        )
    if wanted.kind == "range" and wanted.item is not None:
        ends = [end for end in (value.start, value.end) if end is not None]
        item_type = wanted.item
        return bool(ends) and all(is_instance(end, item_type, spend) for end in ends)
    if wanted.kind == "function":
        return _signature_fits(value, wanted)
    return True


def _signature_fits(value: Any, wanted: FeelType) -> bool:
    if wanted.parameters is None:
        return True
    if isinstance(value, Builtin):
        return _builtin_fits(value, wanted.parameters)
    if len(value.parameters) != len(wanted.parameters):
        return False
    own = getattr(value, "types", ()) or (None,) * len(value.parameters)
    accepts = all(
        mine is None or type_conforms(given, mine)
        for given, mine in zip(wanted.parameters, own, strict=True)
    )
    returns = getattr(value, "returns", None)
    if not accepts:
        return False
    return returns is None or wanted.returns is None or type_conforms(returns, wanted.returns)


def _builtin_fits(value: Builtin, parameters: tuple[FeelType, ...]) -> bool:
    return any(
        len(signature.parameters) == len(parameters)
        and all(
            own.kind in ("any", given.kind)
            for own, given in zip(signature.parameters, parameters, strict=True)
        )
        for signature in value.signatures
    )


def type_conforms(narrow: FeelType, wide: FeelType) -> bool:
    """Tell whether every value of one type may stand where the other is demanded."""
    if wide.kind == "any" or narrow.kind == "null":
        return True
    if narrow.kind != wide.kind:
        return False
    if wide.item is not None:
        return narrow.item is not None and type_conforms(narrow.item, wide.item)
    own = dict(narrow.members)
    return all(name in own and type_conforms(own[name], member) for name, member in wide.members)


def coerce(value: Any, wanted: FeelType, spend: Spend) -> tuple[Any, bool]:
    """Return the value as the type demands it, and whether that was possible.

    A list of one becomes its item where no list is demanded, a single value a list of one where one
    is, a date the midnight (UTC) of a date and time. What does not fit becomes null. Parameter and error
    as of `is_instance`.

    Source: DMN 1.5 §10.3.2.9.4.
    """
    if value is None or conforms(value, wanted, spend):
        return value, True
    if isinstance(value, list) and len(value) == 1 and wanted.kind not in ("list", "any"):
        return (value[0], True) if conforms(value[0], wanted, spend) else (None, False)
    if wanted.kind == "list" and not isinstance(value, list):
        candidate = [value]
        return (candidate, True) if conforms(candidate, wanted, spend) else (None, False)
    if wanted.kind == "date and time" and isinstance(value, Date):
        moment = DateTime(value, Time(0, 0, 0, 0, 0))
        return (moment, True) if conforms(moment, wanted, spend) else (None, False)
    return None, False
