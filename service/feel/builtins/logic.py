"""Functions of truth values and identity.

Source: DMN 1.5 §10.3.4.2, §10.3.4.4, §10.3.4.14.
"""

from typing import Any

from service.feel.builtins.registry import builtin
from service.feel.values import DateTime, Time


@builtin("not", "negand")
def _not(negand: Any) -> bool | None:
    return (not negand) if isinstance(negand, bool) else None


@builtin("all", "list: list", rest=True)
def _all(items: list[Any]) -> bool | None:
    if False in (item for item in items if isinstance(item, bool)):
        return False
    return True if all(item is True for item in items) else None


@builtin("and", "list: list", rest=True)
def _and(items: list[Any]) -> bool | None:
    return _all(items)


@builtin("any", "list: list", rest=True)
def _any(items: list[Any]) -> bool | None:
    if True in (item for item in items if isinstance(item, bool)):
        return True
    return False if all(item is False for item in items) else None


@builtin("or", "list: list", rest=True)
def _or(items: list[Any]) -> bool | None:
    return _any(items)


@builtin("is", "value1", "value2")
def _is(value1: Any, value2: Any) -> bool:
    if isinstance(value1, DateTime) and isinstance(value2, DateTime):
        return value1.date == value2.date and _same_clock(value1.time, value2.time)
    if isinstance(value1, Time) and isinstance(value2, Time):
        return _same_clock(value1, value2)
    return type(value1) is type(value2) and bool(value1 == value2)


def _same_clock(one: Time, other: Time) -> bool:
    return one == other
