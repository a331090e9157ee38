"""Checks of checkboxes and of everything that is chosen from options."""

from typing import Any

from service.forms.checked import Checked, Fault, Place
from service.forms.model import Component
from service.forms.options import is_same, label_of, options_of


def check_checkbox(component: Component, value: Any, place: Place) -> Checked:
    """Return the boolean; None counts as not ticked."""
    del component, place
    if value is None:
        return Checked(value=False)
    faults = () if isinstance(value, bool) else (Fault("type", {"expected": "是或否"}),)
    return Checked(value, faults)


def check_choice(component: Component, value: Any, place: Place) -> Checked:
    """Return the one chosen value and whether it is an option; None and «» are nothing chosen."""
    if value is None or value == "":
        return Checked(None)
    options = options_of(component, place.variables, place.scope, place.surroundings)
    faults = (Fault("option"),) if label_of(options, value) is None else ()
    return Checked(value, faults)


def check_choices(component: Component, value: Any, place: Place) -> Checked:
    """Return the list of chosen values and whether each is an option, none twice."""
    if value is None:
        return Checked([])
    if not isinstance(value, list):
        return Checked(value, (Fault("type", {"expected": "列表"}),))
    options = options_of(component, place.variables, place.scope, place.surroundings)
    if len(value) > len(options) or any(label_of(options, item) is None for item in value):
        return Checked(value, (Fault("option"),))
    repeated = any(is_same(item, earlier) for n, item in enumerate(value) for earlier in value[:n])
    return Checked(value, (Fault("repeated_option"),) if repeated else ())
