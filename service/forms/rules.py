"""The house's own rules: required under a condition, and conditions over several fields."""

from typing import Any

from service.forms.checked import Fault, Place
from service.forms.kinds import is_empty
from service.forms.model import Component
from service.forms.scopes import evaluate


def is_required(component: Component, place: Place) -> bool:
    """Tell whether something must be entered: always, or because `requiredIf` is exactly true.

    A field that the server fills never stops a submission by being empty: nobody could fill it.
    """
    if component.auto is not None:
        return False
    if component.checks().get("required") is True:
        return True
    return evaluate(component, "requiredIf", place.scope, place.surroundings) is True


def rule_faults(component: Component, value: Any, place: Place) -> list[Fault]:
    """Return what the `validate` property finds wrong: it must be exactly true.

    It is not asked of a field that was left empty; of a list always, of a group always.
    """
    if "rule" not in component.expressions or (component.is_keyed and is_empty(value)):
        return []
    if evaluate(component, "rule", place.scope, place.surroundings) is True:
        return []
    return [Fault("condition", message=component.properties.get("validateMessage", ""))]
