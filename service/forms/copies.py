"""Copies of JSON values: several times faster than the standard library's, which looks for cycles."""

from collections.abc import Mapping
from typing import Any

_WHOLE = (str, int, float, type(None))
"""What most values are; whether one is a `Mapping` takes longer to find out."""


def copied(value: Any) -> Any:
    """Return a deep copy of a JSON value; what is neither list nor object is shared."""
    if isinstance(value, _WHOLE):
        return value
    if isinstance(value, Mapping):
        return {name: copied(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value
