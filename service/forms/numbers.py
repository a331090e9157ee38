"""Checks of number fields."""

from decimal import Decimal
from re import compile as compile_pattern
from typing import Any

from service.forms.checked import Checked, Fault, Place, decimal_of, limit, plain
from service.forms.model import Component

MAX_DIGITS = 15
"""Significant digits that a browser's number holds exactly; a text may hold more."""

MAX_TEXT_DIGITS = 34

_WRITTEN = compile_pattern(r"[+-]?\d{1,34}(?:\.\d{1,34})?")


def check_number(component: Component, value: Any, place: Place) -> Checked:
    """Return the number (a text where the form stores it so) and what is wrong with it.

    None is nothing entered and never wrong here.
    """
    if value is None or (value == "" and component.raw.get("serializeToString")):
        return Checked(None)
    number = _number(component, value)
    if number is None:
        return Checked(value, (Fault("number"),))
    stored = plain(number) if component.raw.get("serializeToString") else value
    faults = [
        *_digit_faults(component, number),
        *_increment_faults(component, number),
        *_range_faults(component, number, place),
    ]
    return Checked(stored, tuple(faults))


def _number(component: Component, value: Any) -> Decimal | None:
    is_text = isinstance(value, str)
    if is_text and not (component.raw.get("serializeToString") and _WRITTEN.fullmatch(value)):
        return None
    number = decimal_of(value)
    if number is None:
        return None
    most = MAX_TEXT_DIGITS if is_text else MAX_DIGITS + 2
    return number if abs(number.adjusted()) < most else None


def _digit_faults(component: Component, number: Decimal) -> list[Fault]:
    digits = component.raw.get("decimalDigits")
    if digits is None:
        return []
    exponent = number.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= digits:
        return []
    return [Fault("decimal_digits", {"digits": digits}) if digits else Fault("integer")]


def _increment_faults(component: Component, number: Decimal) -> list[Fault]:
    step = decimal_of(component.raw.get("increment"))
    if not step:
        return []
    rest = number % step
    if not rest:
        return []
    below = number - rest
    return [Fault("increment", {"below": plain(below), "above": plain(below + step)})]


def _range_faults(component: Component, number: Decimal, place: Place) -> list[Fault]:
    least, most = limit(component, "min", place), limit(component, "max", place)
    faults = []
    if least is not None and number < least:
        faults.append(Fault("min", {"limit": plain(least)}))
    if most is not None and number > most:
        faults.append(Fault("max", {"limit": plain(most)}))
    return faults
