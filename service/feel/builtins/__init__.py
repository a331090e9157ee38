"""The functions of the language; importing this room fills the table."""

from service.feel.builtins import (
    camunda,
    contexts,
    conversion,
    lists,
    logic,
    membership,
    numbers,
    range_text,
    ranges,
    sorting,
    statistics,
    strings,
    temporal,
)
from service.feel.builtins.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "camunda",
    "contexts",
    "conversion",
    "lists",
    "logic",
    "membership",
    "numbers",
    "range_text",
    "ranges",
    "sorting",
    "statistics",
    "strings",
    "temporal",
]
