"""Calling functions: arguments by position or name, made to fit, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from decimal import DecimalException
from typing import Any

from service.domain.errors import HuiyinError
from service.feel.errors import Fault
from service.feel.python_values import from_python, to_python
from service.feel.run import MISSING, Run
from service.feel.types import FeelType, coerce, label_of
from service.feel.values import (
    CLASSES,
    Builtin,
    Date,
    DateTime,
    Function,
    Lambda,
    Signature,
    Time,
    type_label,
)
from service.feel.wording import joined

_CALL = 6
"""What a call costs, in steps; built-ins that compute much say so themselves."""
_LONG = 256
"""Characters of a text that cost a step to make."""


def is_callable(value: Any) -> bool:
    """Tell whether a value is a function."""
    return isinstance(value, Function | Lambda | Builtin)


def invoke(
    run: Run, function: Any, positional: Sequence[Any], named: Mapping[str, Any] | None = None
) -> Any:
    """Return the value of a call.

    Raises:
        Fault: It is no function, or the arguments do not fit.
        LimitExceeded: Calls inside calls without end.
    """
    run.enter(_CALL)
    try:
        if isinstance(function, Builtin):
            return _invoke_builtin(run, function, positional, named)
        if isinstance(function, Lambda):
            return _invoke_lambda(run, function, _in_order(function.parameters, positional, named))
        if isinstance(function, Function):
            return _invoke_host(function, _in_order(function.parameters, positional, named))
    except DecimalException as error:
        raise Fault("算式没有结果", "The calculation has no result.", "arithmetic") from error
    finally:
        run.calls -= 1
    raise Fault(
        f"{type_label(function)}不是函数，不能调用",
        f"Expected a function to call, but got {type_label(function):en}.",
        "function_not_found",
    )


def _in_order(
    parameters: tuple[str, ...], positional: Sequence[Any], named: Mapping[str, Any] | None
) -> Sequence[Any]:
    if named:
        if set(named) - set(parameters):
            strange = ", ".join(sorted(set(named) - set(parameters)))
            raise Fault(f"没有名为“{strange}”的参数", f"There is no parameter '{strange}'.")
        return [named.get(name) for name in parameters]
    if len(positional) != len(parameters):
        raise Fault(
            f"应有 {len(parameters)} 个参数，实际有 {len(positional)} 个",
            f"Expected {len(parameters)} arguments, but got {len(positional)}.",
        )
    return positional


def _invoke_lambda(run: Run, function: Lambda, arguments: Sequence[Any]) -> Any:
    if any(wanted is not None for wanted in function.types):
        arguments = [
            _fitted(run, value, wanted, name)
            for value, wanted, name in zip(
                arguments, function.types, function.parameters, strict=True
            )
        ]
    run.step(function.cost)
    result = function.call(*arguments)
    if function.returns is None:
        return result
    value, fits = coerce(result, function.returns, run.step)
    if not fits:
        raise Fault(
            "函数的结果不是声明的类型",
            "The function's result is not of the type it declares.",
            "wrong_type",
        )
    return value


def _fitted(run: Run, value: Any, wanted: FeelType | None, name: str) -> Any:
    if wanted is None:
        return value
    fitted, fits = coerce(value, wanted, run.step)
    if not fits:
        raise Fault(
            f"参数“{name}”的类型应为{label_of(wanted)}，实际为{type_label(value)}",
            f"Expected '{name}' to be {label_of(wanted):en}, but got {type_label(value):en}.",
        )
    return fitted


def _invoke_host(function: Function, arguments: Sequence[Any]) -> Any:
    try:
        return from_python(function.call(*(to_python(value) for value in arguments)))
    except HuiyinError as error:
        raise _refused(str(error.facts.get("message", "")), error.detail) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise _refused("", str(error)) from error


def _refused(chinese: str, english: str) -> Fault:
    """Return the fault of a function of the house; where it gives no reason in Chinese, none is told."""
    return Fault(
        f"函数的参数不适用{chinese and '：'}{chinese}",
        f"The function does not take these arguments: {english}",
    )


def _invoke_builtin(
    run: Run, function: Builtin, positional: Sequence[Any], named: Mapping[str, Any] | None
) -> Any:
    for signature in function.signatures:
        arguments = _by_name(signature, named) if named else _by_position(signature, positional)
        if arguments is None:
            continue
        fitted = _fit_all(signature, arguments)
        if fitted is not None:
            return _run_builtin(run, signature, fitted)
    given = named.values() if named else positional
    kinds = joined([type_label(value) for value in given])
    raise Fault(
        f"函数“{function.name}”不接受这样的参数（{kinds}）",
        f"Function '{function.name}' does not take such arguments ({kinds:en}).",
    )


def _run_builtin(run: Run, signature: Signature, arguments: list[Any]) -> Any:
    run.step(signature.cost)
    if not signature.is_glance:
        for argument in arguments:
            run.charge(argument)
    result = signature.call(run, *arguments) if signature.needs_run else signature.call(*arguments)
    kind = type(result)
    if kind is str and len(result) > _LONG:
        run.step(len(result) // _LONG)
    return run.made(result) if kind is list or kind is dict else result


def _by_name(signature: Signature, named: Mapping[str, Any]) -> list[Any] | None:
    names = [parameter.name for parameter in signature.parameters]
    if any(name not in names for name in named):
        return None
    arguments = [named.get(name, MISSING) for name in names]
    if signature.rest and arguments[-1] is not MISSING and not isinstance(arguments[-1], list):
        arguments[-1] = [arguments[-1]]
    return _without_optional_end(signature, arguments)


def _without_optional_end(signature: Signature, arguments: list[Any]) -> list[Any]:
    while arguments and arguments[-1] is MISSING:
        if not signature.parameters[len(arguments) - 1].is_optional:
            break
        arguments.pop()
    return [None if value is MISSING else value for value in arguments]


def _by_position(signature: Signature, positional: Sequence[Any]) -> list[Any] | None:
    if not signature.rest:
        return list(positional)
    fixed = len(signature.parameters) - 1
    rest = list(positional[fixed:])
    if fixed == 0 and len(rest) == 1 and isinstance(rest[0], list):
        rest = rest[0]
    elif not rest:
        return None
    return [*positional[:fixed], rest]


def _fit_all(signature: Signature, arguments: list[Any]) -> list[Any] | None:
    parameters = signature.parameters
    count = len(arguments)
    if count > len(parameters) or (count < len(parameters) and not parameters[count].is_optional):
        return None
    for place, value in enumerate(arguments):
        parameter = parameters[place]
        if parameter.kind == "any" or (value is None and parameter.takes_null):
            continue
        expected = CLASSES[parameter.kind]
        if not isinstance(value, expected):
            arguments[place] = _converted(parameter.kind, expected, value)
            if arguments[place] is MISSING:
                return None
    return arguments


def _converted(kind: str, expected: Any, value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], expected):
        return value[0]
    if kind == "list" and value is not None:
        return [value]
    if kind == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, 0, 0, 0, 0))
    return MISSING
