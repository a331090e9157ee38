"""Checks of text fields and text areas."""

from re import compile as compile_pattern
from typing import Any

from service.forms.checked import Checked, Fault, Place, limit
from service.forms.model import Component

HARD_LIMITS = {"textfield": 10_000, "textarea": 100_000}
"""Characters taken at most, whatever the form says."""

_LINE_CONTROLS = compile_pattern("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_AREA_CONTROLS = compile_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = compile_pattern(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_PHONE = compile_pattern(
    r"(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}"  # Mobile.
    r"|(?:\+?86[- ]?)?(?:\(0\d{2,3}\)|0\d{2,3}[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,6})?"  # Land line.
    r"|(?:\+?86[- ]?)?[48]00(?:[- ]?\d){7}"  # Service numbers.
    r"|(?:\+|00)[1-9]\d{0,2}(?:[- ]?\d){6,12}"  # Abroad.
)


def is_mail_address(text: str) -> bool:
    """Return True when a text is one mail address, as browsers take it in a field of that type.

    Source: HTML, «valid e-mail address» of `input type=email`.
    """
    return _EMAIL.fullmatch(text) is not None


def check_text(component: Component, value: Any, place: Place) -> Checked:
    """Return the text and what is wrong with it: characters, length, pattern, e-mail or phone.

    Lengths count as in the browser: UTF-16 units of the trimmed text. The pattern is an unanchored
    ECMAScript one. Nothing entered, None or «», is never wrong here.
    """
    if value is None:
        return Checked("")
    if not isinstance(value, str):
        return Checked(value, (Fault("type", {"expected": "文本"}),))
    if value == "":
        return Checked(value)
    controls = _LINE_CONTROLS if component.type == "textfield" else _AREA_CONTROLS
    if controls.search(value):
        return Checked(value, (Fault("characters"),))
    hard = HARD_LIMITS[component.type]
    if len(value) > hard:
        return Checked(value, (Fault("max_length", {"limit": hard}),))
    faults = [*_pattern_faults(component, value), *_length_faults(component, value, place)]
    return Checked(value, (*faults, *_kind_faults(component, value)))


def _pattern_faults(component: Component, value: str) -> list[Fault]:
    if component.pattern is None or component.pattern.find(value) is not None:
        return []
    message = component.checks().get("patternErrorMessage") or ""
    return [Fault("pattern", message=str(message))]


def _length_faults(component: Component, value: str, place: Place) -> list[Fault]:
    length = len(value.strip().encode("utf-16-le")) // 2
    least, most = limit(component, "minLength", place), limit(component, "maxLength", place)
    faults = []
    if least is not None and length < least:
        faults.append(Fault("min_length", {"limit": int(least)}))
    if most is not None and length > most:
        faults.append(Fault("max_length", {"limit": int(most)}))
    return faults


def _kind_faults(component: Component, value: str) -> list[Fault]:
    kind = component.checks().get("validationType")
    shape = {"email": _EMAIL, "phone": _PHONE}.get(str(kind))
    if shape is None or shape.fullmatch(value.strip()):
        return []
    return [Fault(str(kind))]
