"""A submission as people read it: labels and texts for case pages, mails and PDFs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.feel import Surroundings
from service.forms.checked import decimal_of
from service.forms.kinds import is_empty
from service.forms.model import Component, Form
from service.forms.moments import subtype_of
from service.forms.options import label_of, options_of
from service.forms.paths import MISSING, Path, get_at, rows_at
from service.forms.scopes import Scope
from service.forms.templates import render

NOTHING = "—"
"""Shown for a field that was left empty."""

_MONEY_SIGNS = frozenset({"元", "¥", "￥", "CNY", "RMB", "人民币"})
_MONEY_LABELS = ("(元)", "（元）")


@dataclass(frozen=True)
class ShownField:
    """One line of a submission.

    Attributes:
        label: What it is.
        text: Its value in words; `NOTHING` when it was left empty.
        kind: `text`, `long_text`, `number`, `money`, `date`, `time`, `datetime`, `yes_no`,
            `choice`, `choices`, `files`, `rows` (a list, a row a line) or `value` (computed).
        path: Where the value stands, dotted.
        field_id: The component's id.
    """

    label: str
    text: str
    kind: str
    path: str
    field_id: str


@dataclass(frozen=True, eq=False)
class _Reading:
    variables: Mapping[str, Any]
    scope: Scope
    surroundings: Surroundings


def read_only_view(
    form: Form,
    values: Mapping[str, Any],
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> tuple[ShownField, ...]:
    """Return the lines of a stored submission in the order of the form.

    Fields that `values` lacks (they were hidden) are left out. A list is one line a row.

    Args:
        form: The form in the version that was filled in.
        values: What `validate` gave for storing.
        variables: JSON variables of the case, for options that come from them.
        surroundings: The zone in which moments are told, and the functions for computed options.
    """
    scope = Scope.of({**variables, **values})
    return tuple(_lines(form.components, values, (), _Reading(variables, scope, surroundings)))


def _lines(
    components: Sequence[Component], values: Mapping[str, Any], prefix: Path, reading: _Reading
) -> Iterator[ShownField]:
    for component in components:
        path = (*prefix, *component.path)
        if component.is_repeating:
            yield from _row_lines(component, values, path, reading)
        elif not component.is_keyed:
            yield from _lines(component.children, values, path, reading)
        elif (value := get_at(values, path)) is not MISSING:
            kind, text = _told(component, value, reading)
            yield _shown(component, path, _label(component, reading), text, kind)


def _row_lines(
    component: Component, values: Mapping[str, Any], path: Path, reading: _Reading
) -> Iterator[ShownField]:
    if get_at(values, path) is MISSING:
        return
    rows, label = rows_at(values, path), _label(component, reading)
    if not rows:
        yield _shown(component, path, label, NOTHING, "rows")
    for index, row in enumerate(rows):
        here = (*path, index)
        inner = _Reading(reading.variables, reading.scope.row(row, index), reading.surroundings)
        cells = _lines(component.children, values, here, inner)
        text = "；".join(f"{cell.label}：{cell.text}" for cell in cells)
        yield _shown(component, here, f"{label}（{index + 1}）", text, "rows")


def _shown(component: Component, path: Path, label: str, text: str, kind: str) -> ShownField:
    return ShownField(label, text, kind, ".".join(map(str, path)), component.id)


def _label(component: Component, reading: _Reading) -> str:
    written = component.label or str(component.raw.get("dateLabel") or component.path[-1])
    return render(written, reading.scope, reading.surroundings)


def _told(component: Component, value: Any, reading: _Reading) -> tuple[str, str]:
    kind, tell = _TELLERS[component.type]
    kind = kind(component) if callable(kind) else kind
    if component.type != "checkbox" and is_empty(value):
        return kind, NOTHING
    return kind, tell(component, value, reading) or NOTHING


def _text(component: Component, value: Any, reading: _Reading) -> str:
    del component, reading
    return value if isinstance(value, str) else _value(value)


def _number(component: Component, value: Any, reading: _Reading) -> str:
    number = decimal_of(value)
    if number is None:
        return _value(value)
    if _number_kind(component) == "money":
        return f"¥{number:,.2f}" if number >= 0 else f"-¥{-number:,.2f}"
    digits = component.raw.get("decimalDigits")
    text = f"{number:,.{digits}f}" if digits else f"{_trimmed(number):,}"
    return f"{_adorner(component, 'prefix', reading)}{text}{_adorner(component, 'suffix', reading)}"


def _trimmed(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if whole == number else number


def _number_kind(component: Component) -> str:
    signs = {component.raw.get("appearance", {}).get(f"{side}Adorner") for side in _SIDES}
    is_money = not signs.isdisjoint(_MONEY_SIGNS) or component.label.endswith(_MONEY_LABELS)
    return "money" if is_money else "number"


def _adorner(component: Component, side: str, reading: _Reading) -> str:
    written = component.raw.get("appearance", {}).get(f"{side}Adorner")
    if not isinstance(written, str) or not written:
        return ""
    text = render(written, reading.scope, reading.surroundings)
    return f" {text}" if side == "suffix" else text


def _moment(component: Component, value: Any, reading: _Reading) -> str:
    if not isinstance(value, str):
        return _value(value)
    if subtype_of(component) == "time":
        return value[: len("00:00")]
    try:
        if subtype_of(component) == "date":
            return _day(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
        local = moment.astimezone(reading.surroundings.zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return value
    return f"{_day(local)} {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yes_no(component: Component, value: Any, reading: _Reading) -> str:
    del component, reading
    return "是" if value is True else "否"


def _choice(component: Component, value: Any, reading: _Reading) -> str:
    options = options_of(component, reading.variables, reading.scope, reading.surroundings)
    label = label_of(options, value)
    return _value(value) if label is None else label


def _choices(component: Component, value: Any, reading: _Reading) -> str:
    if not isinstance(value, list):
        return _value(value)
    return "、".join(_choice(component, item, reading) for item in value)


def _files(component: Component, value: Any, reading: _Reading) -> str:
    del component, reading
    files = value if isinstance(value, list) else [value]
    return "、".join(str(get_at(file, ("metadata", "fileName"), "")) for file in files)


def _computed(component: Component, value: Any, reading: _Reading) -> str:
    del component, reading
    return _value(value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(item) for item in value)
    if isinstance(value, Mapping):
        return "；".join(f"{name}：{_value(item)}" for name, item in value.items())
    return NOTHING if value is None else str(value)


_SIDES = ("prefix", "suffix")
_TELLERS: Mapping[
    str,
    tuple[str | Callable[[Component], str], Callable[[Component, Any, _Reading], str]],
] = {
    "textfield": ("text", _text),
    "textarea": ("long_text", _text),
    "number": (_number_kind, _number),
    "datetime": (subtype_of, _moment),
    "checkbox": ("yes_no", _yes_no),
    "radio": ("choice", _choice),
    "select": ("choice", _choice),
    "checklist": ("choices", _choices),
    "taglist": ("choices", _choices),
    "expression": ("value", _computed),
    "filepicker": ("files", _files),
}
