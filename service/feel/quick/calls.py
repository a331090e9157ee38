"""The short way of built-in functions over single values, and of those that sum up a list."""

import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

from service.feel.builtins import BUILTINS
from service.feel.number_context import FEEL_NUMBERS
from service.feel.quick.compiler import NotQuick, Quick, QuickCompiler, Unusual, has_short_way
from service.feel.tree import Call, Name
from service.feel.values import (
    Builtin,
    Date,
    DateTime,
    DaysTimeDuration,
    Signature,
    Time,
    YearsMonthsDuration,
)

_CLASSES: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysTimeDuration,
    "years and months duration": YearsMonthsDuration,
}
_Candidate = tuple[tuple[type, ...], Callable[..., Any]]


@has_short_way(Call)
def _call(node: Call, compiler: QuickCompiler) -> Quick:
    if not isinstance(node.function, Name) or node.named:
        raise NotQuick
    name = node.function.name
    function = BUILTINS.get(name)
    if function is None:
        raise NotQuick
    arguments = [compiler.compile(argument) for argument in node.positional]
    special = _SPECIAL.get(name)
    if special is not None and len(arguments) == 1:
        code = special(arguments[0])
    else:
        code = _plain_call(function, arguments)
    compiler.functions.add(name)
    return code


def _plain_call(function: Builtin, arguments: list[Quick]) -> Quick:
    candidates = [
        candidate
        for candidate in (_candidate(one, len(arguments)) for one in function.signatures)
        if candidate is not None
    ]
    if not candidates or not arguments:
        raise NotQuick

    def code(names: Mapping[str, Any]) -> Any:
        values = [argument(names) for argument in arguments]
        kinds = tuple(map(type, values))
        for classes, call in candidates:
            if kinds == classes:
                return _computed(call, values)
        raise Unusual

    return code


def _candidate(signature: Signature, count: int) -> _Candidate | None:
    parameters = signature.parameters
    if signature.rest or signature.needs_run or count > len(parameters):
        return None
    if any(not parameter.is_optional for parameter in parameters[count:]):
        return None
    classes = [_CLASSES.get(one.kind) for one in parameters[:count]]
    if any(kind is None for kind in classes):
        return None
    return tuple(kind for kind in classes if kind is not None), signature.call


def _computed(call: Callable[..., Any], values: list[Any]) -> Any:
    outer = decimal.getcontext()
    decimal.setcontext(FEEL_NUMBERS)
    try:
        result = call(*values)
    finally:
        decimal.setcontext(outer)
    if type(result) is list or type(result) is dict:
        raise Unusual
    return result


def _not(argument: Quick) -> Quick:
    def code(names: Mapping[str, Any]) -> bool | None:
        value = argument(names)
        return (not value) if isinstance(value, bool) else None

    return code


def _count(argument: Quick) -> Quick:
    def code(names: Mapping[str, Any]) -> Decimal:
        items = argument(names)
        if type(items) is list:
            return Decimal(len(items))
        raise Unusual

    return code


def _is_defined(argument: Quick) -> Quick:
    return lambda names: argument(names) is not None


def _numbers(argument: Quick, combine: Callable[[list[Decimal]], Decimal]) -> Quick:
    def code(names: Mapping[str, Any]) -> Decimal | None:
        items = argument(names)
        if type(items) is not list or any(type(item) is not Decimal for item in items):
            raise Unusual
        return combine(items) if items else None

    return code


_SPECIAL: dict[str, Callable[[Quick], Quick]] = {
    "not": _not,
    "count": _count,
    "is defined": _is_defined,
    "sum": lambda argument: _numbers(argument, lambda items: reduce(FEEL_NUMBERS.add, items)),
    "min": lambda argument: _numbers(argument, min),
    "max": lambda argument: _numbers(argument, max),
}
