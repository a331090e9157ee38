"""The component types of form-js: which carry a value, which hold others, which only show."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

EMPTY_VALUES: Mapping[str, Any] = MappingProxyType(
    {
        "textfield": "",
        "textarea": "",
        "number": None,
        "datetime": None,
        "checkbox": False,
        "radio": None,
        "select": None,
        "checklist": (),
        "taglist": (),
        "expression": None,
        "filepicker": None,
    }
)
"""Keyed type → its value when nothing was entered (lists are fresh copies, see `empty_value`)."""

CONTAINERS = frozenset({"group", "dynamiclist"})
SHOWN = frozenset(
    {"text", "html", "image", "table", "documentPreview", "button", "spacer", "separator"}
)
CHOICES = frozenset({"radio", "select", "checklist", "taglist"})
AUTO_NAMES = frozenset({"now", "user", "user_name", "user_dept", "case_no"})
"""Values of the property `auto` (docs/dialect.md §6)."""


def empty_value(component_type: str) -> Any:
    """Return the value of a keyed type when nothing was entered."""
    value = EMPTY_VALUES[component_type]
    return [] if value == () else value


def is_empty(value: Any) -> bool:
    """Tell whether a value counts as nothing entered: what `required` refuses."""
    return value is None or value is False or value in ("", [])
