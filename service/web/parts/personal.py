"""Personal data of customers in what people read: hidden unless the reader's own task needs it (XC-P-4)."""

from collections.abc import Mapping
from typing import Any

from service.identity import mask_name
from service.reports.case_facts import MASKS

_MASKS = {**MASKS, "customer_name": mask_name}


def shown(name: str, text: str, *, is_masked: bool) -> str:
    """Return the text of a field, hidden as its name asks for.

    Args:
        name: The field's path; of a dotted one the last part counts.
        text: What the field says.
        is_masked: Whether personal data is hidden from this reader.
    """
    mask = _MASKS.get(name.rpartition(".")[2])
    return mask(text) if is_masked and mask and text else text


def values(found: Mapping[str, Any], *, is_masked: bool) -> dict[str, Any]:
    """Return values with the texts of personal fields hidden, also inside of lists and objects."""
    if not is_masked:
        return dict(found)
    return {name: _value(name, value) for name, value in found.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return shown(name, value, is_masked=True)
    if isinstance(value, Mapping):
        return values(value, is_masked=True)
    if isinstance(value, list):
        return [_value(name, item) for item in value]
    return value
