"""Noting mistakes: names that nobody knows, with what may be meant; values that have no order."""

from collections.abc import Iterator
from typing import Any

from service.feel.builtins import BUILTINS
from service.feel.properties import property_names
from service.feel.run import Frame, Place
from service.feel.suggestions import suggestion
from service.feel.values import type_label
from service.feel.wording import Text


def note_variable(frame: Frame, name: str, place: Place) -> None:
    """Note that no variable has this name."""
    if frame.run.takes("variable_not_found", place):
        text = Text(f"找不到变量“{name}”", f"There is no variable '{name}'.")
        asked = suggestion(name, _in_sight(frame))
        frame.run.note("variable_not_found", _with(text, asked), place)


def note_function(frame: Frame, name: str, place: Place) -> None:
    """Note that no function has this name."""
    if frame.run.takes("function_not_found", place):
        text = Text(f"找不到函数“{name}”", f"There is no function '{name}'.")
        known = [*frame.run.surroundings.functions, *BUILTINS]
        frame.run.note("function_not_found", _with(text, suggestion(name, known)), place)


def note_property(frame: Frame, owner: Any, name: str, place: Place) -> None:
    """Note that a value has no such property."""
    if frame.run.takes("property_not_found", place):
        label = type_label(owner)
        text = Text(f"{label}没有属性“{name}”", f"There is no property '{name}' of {label:en}.")
        asked = suggestion(name, property_names(owner))
        frame.run.note("property_not_found", _with(text, asked), place)


def note_incomparable(frame: Frame, one: Any, other: Any, place: Place) -> None:
    """Note that two values were compared that cannot be."""
    if frame.run.takes("wrong_type", place):
        frame.run.note("wrong_type", _compared(type_label(one), type_label(other)), place)


def _compared(left: Text, right: Text) -> Text:
    if left == right:
        return Text(
            f"比较了两个分不出先后的值（{left}）", f"Compared two values without order: {left:en}."
        )
    return Text(f"比较了{left}和{right}", f"Compared {left:en} with {right:en}.")


def note_no_condition(frame: Frame, value: Any, place: Place) -> None:
    """Note that a condition gave neither true nor false."""
    label = type_label(value)
    text = Text(
        f"条件应为布尔值，实际为{label}",
        f"Expected a condition to be a boolean, but got {label:en}.",
    )
    frame.run.note("wrong_type", text, place)


def _with(text: Text, asked: Text | None) -> Text:
    if asked is None:
        return text
    return Text(f"{text}。{asked}", f"{text:en} {asked:en}")


def _in_sight(frame: Frame | None) -> Iterator[str]:
    while frame is not None:
        yield from frame.names
        frame = frame.parent
