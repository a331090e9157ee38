"""How many rows a list may have."""

from typing import Any

from service.forms.checked import Checked, Fault, Place
from service.forms.model import Component
from service.forms.paths import rows_at

HARD_LIMIT = 500
"""Rows taken at most, whatever the form says."""


def check_rows(component: Component, value: Any, place: Place) -> Checked:
    """Return the rows and whether their number is allowed.

    The properties `minItems` and `maxItems` bound it. A list whose rows cannot be added or removed
    (`allowAddRemove` false) keeps the number of the variable, else `defaultRepetitions`.
    """
    count = len(value or ())
    most = min(_bound(component, "maxItems", HARD_LIMIT), HARD_LIMIT)
    least = _bound(component, "minItems", 0)
    if count > most:
        return Checked(value, (Fault("max_items", {"limit": most}),))
    if count < least:
        return Checked(value, (Fault("min_items", {"limit": least}),))
    fixed = _fixed_count(component, place)
    if fixed is not None and count != fixed:
        return Checked(value, (Fault("fixed_items", {"limit": fixed}),))
    return Checked(value)


def _bound(component: Component, name: str, default: int) -> int:
    written = component.properties.get(name, "")
    return int(written) if written.isdecimal() else default


def _fixed_count(component: Component, place: Place) -> int | None:
    if component.raw.get("allowAddRemove", True) is not False:
        return None
    stored = rows_at(place.variables, place.path)
    return len(stored) or int(component.raw.get("defaultRepetitions", 1))
