"""The options of choices: written in the form, in a variable, or computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.feel import Surroundings
from service.forms.model import Component
from service.forms.scopes import Scope, evaluate_json


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes:
        label: What people read.
        value: The JSON value that is stored.
    """

    label: str
    value: Any


def options_of(
    component: Component,
    variables: Mapping[str, Any],
    scope: Scope,
    surroundings: Surroundings,
) -> tuple[Option, ...]:
    """Return a choice's options in order; a source that holds no list gives none.

    The sources are asked in form-js's order: `valuesKey`, `values`, `valuesExpression`.
    """
    key = component.raw.get("valuesKey")
    if key is not None:
        return normalized(variables.get(key))
    if component.raw.get("values") is not None:
        return normalized(component.raw["values"])
    return normalized(evaluate_json(component, "options", scope, surroundings))


def normalized(source: Any) -> tuple[Option, ...]:
    """Return the options that form-js sees in a JSON list; entries without a value are left out."""
    if not isinstance(source, Sequence) or isinstance(source, str):
        return ()
    return tuple(_normalized(source))


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same; `true` is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def label_of(options: Iterable[Option], value: Any) -> str | None:
    """Return the label of a stored value, or None when no option has it."""
    return next((option.label for option in options if is_same(option.value, value)), None)


def _normalized(source: Sequence[Any]) -> Iterable[Option]:
    for entry in source:
        if _is_primitive(entry):
            yield Option(_text(entry), entry)
        elif isinstance(entry, Mapping):
            label, value = entry.get("label"), entry.get("value")
            if isinstance(label, str) and label and (_is_primitive(value) or _is_filled(value)):
                yield Option(label, value)
            elif _is_primitive(value):
                yield Option(_text(value), value)


def _is_primitive(value: Any) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and value != "")


def _is_filled(value: Any) -> bool:
    return isinstance(value, (Mapping, list)) and len(value) > 0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
