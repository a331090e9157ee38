"""Where FEEL stands in a component's JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.forms.attributes import LIMITS

REQUIRED_SLOTS = frozenset({"hide", "options", "expression"})
"""Slots that hold FEEL always, so that a missing `=` is a mistake and not a text."""

WRITTEN_AS = {
    "hide": "conditional.hide",
    "options": "valuesExpression",
    "expression": "expression",
    "rule": "properties.validate",
    "requiredIf": "properties.requiredIf",
}
"""Slot → the attribute as a process owner knows it, where the two differ or a message needs it."""

_HOUSE_RULES = {"validate": "rule", "requiredIf": "requiredIf"}
_PLAIN = {
    "valuesExpression": "options",
    "expression": "expression",
    "readonly": "readonly",
    "accept": "accept",
    "multiple": "multiple",
    "dataSource": "dataSource",
    "columnsExpression": "columnsExpression",
}
_TEMPLATES = (
    "label",
    "description",
    "text",
    "content",
    "alt",
    "source",
    "dateLabel",
    "timeLabel",
    "title",
)
_ADORNERS = ("prefixAdorner", "suffixAdorner")


def slots_of(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield slot and text of every expression; texts keep their `=`.

    A slot that may also hold a plain value (`min`, `readonly`, `accept`) counts only with a `=`.
    The house's own properties are FEEL with or without it.
    """
    hide = _section(raw, "conditional").get("hide")
    if isinstance(hide, str) and hide.strip():
        yield "hide", hide
    for name in LIMITS:
        text = _section(raw, "validate").get(name)
        if isinstance(text, str) and text.startswith("="):
            yield name, text
    for name, slot in _PLAIN.items():
        text = raw.get(name)
        if isinstance(text, str) and text and (text.startswith("=") or slot in REQUIRED_SLOTS):
            yield slot, text
    for name, slot in _HOUSE_RULES.items():
        text = _section(raw, "properties").get(name)
        if isinstance(text, str) and text.strip():
            yield slot, text


def template_texts(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and text of every attribute that may be a template."""
    for name in _TEMPLATES:
        if isinstance(raw.get(name), str):
            yield name, raw[name]
    for name in _ADORNERS:
        text = _section(raw, "appearance").get(name)
        if isinstance(text, str):
            yield name, text


def _section(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = raw.get(name)
    return section if isinstance(section, Mapping) else {}
