"""From `external {java: {class: …, method signature: …}}` to a function that FEEL can call."""

from typing import Any

from service.feel.errors import Fault
from service.feel.java.conversion import from_java, no_result, to_java
from service.feel.java.table import METHODS, Method, split_signature
from service.feel.types import FeelType
from service.feel.values import Lambda


def external_function(
    mapping: Any,
    names: tuple[str, ...],
    types: tuple[FeelType | None, ...],
    returns: FeelType | None = None,
) -> Lambda:
    """Return the function that an external body speaks of.

    Args:
        mapping: The body's value: a context with `java` (class and method signature) or `pmml`.
        names: The function's own parameters, one a Java parameter, more for an array at the end.

    Raises:
        Fault: It is no method of the table.
    """
    method = _method(mapping)

    def call(*arguments: Any) -> Any:
        try:
            value = method.call(*_taken(method, arguments))
        except (ArithmeticError, ValueError) as error:
            raise no_result() from error
        return from_java(value, method.returns)

    return Lambda(names, call, types, returns)


def _method(mapping: Any) -> Method:
    binding = mapping.get("java") if isinstance(mapping, dict) else None
    if not isinstance(binding, dict):
        raise Fault(
            "外部函数只支持 Java 标准库的静态方法：external {java: {class: …, method signature: …}}",
            "An external function must be a static method of Java's standard library: "
            "external {java: {class: …, method signature: …}}.",
            "function_not_found",
        )
    owner, signature = binding.get("class"), binding.get("method signature")
    if not isinstance(owner, str) or not isinstance(signature, str):
        raise Fault(
            "class 和 method signature 应为文本",
            "Expected 'class' and 'method signature' to be texts.",
        )
    try:
        found = METHODS.get((owner, *split_signature(signature)))
    except ValueError as error:
        raise _unknown(owner, signature) from error
    if found is None:
        raise _unknown(owner, signature)
    return found


def _unknown(owner: str, signature: str) -> Fault:
    return Fault(
        f"没有可用的 Java 方法 {owner}.{signature}",
        f"There is no Java method {owner}.{signature} to use.",
        "function_not_found",
    )


def _taken(method: Method, arguments: tuple[Any, ...]) -> list[Any]:
    """Return the arguments as Java values, those of an array at the end gathered in a list."""
    parameters = method.parameters
    if parameters and parameters[-1].endswith("[]"):
        fixed = len(parameters) - 1
        rest: Any = arguments[fixed:]
        if len(rest) == 1 and isinstance(rest[0], list):
            rest = rest[0]
        item = parameters[-1][:-2]
        gathered = [to_java(one, item) for one in rest]
        return [*_fixed(parameters[:fixed], arguments[:fixed]), gathered]
    return _fixed(parameters, arguments)


def _fixed(parameters: tuple[str, ...], arguments: tuple[Any, ...]) -> list[Any]:
    if len(arguments) != len(parameters):
        raise Fault(
            f"Java 方法应有 {len(parameters)} 个参数，实际有 {len(arguments)} 个",
            f"The Java method takes {len(parameters)} arguments, but got {len(arguments)}.",
        )
    return [to_java(one, kind) for one, kind in zip(arguments, parameters, strict=True)]
