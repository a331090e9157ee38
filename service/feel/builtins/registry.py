"""The table of built-in functions, filled by decorators in the modules of this folder."""

from collections.abc import Callable
from typing import Any, TypeVar

from service.feel.values import Builtin, Parameter, Signature

BUILTINS: dict[str, Builtin] = {}
_F = TypeVar("_F", bound=Callable[..., Any])


def builtin(
    name: str,
    *parameters: str,
    rest: bool = False,
    needs_run: bool = False,
    cost: int = 0,
    is_glance: bool = False,
) -> Callable[[_F], _F]:
    """Register a function under a FEEL name; several ones are tried in order of their writing.

    Args:
        parameters: `name: kind`; a `?` after the name makes it optional, after the kind allows null.
        rest: The last parameter takes all remaining arguments, or one list of them.
        needs_run: The evaluation's state becomes the first argument.
        cost: What a call costs beyond that of any call, in steps of `limits.STEPS`.
        is_glance: It does not look into its arguments, however large they are.
    """

    def register(call: _F) -> _F:
        entry = BUILTINS.setdefault(name, Builtin(name))
        signature = Signature(
            tuple(map(_parameter, parameters)), call, rest, needs_run, cost, is_glance
        )
        if any(_shape(one) == _shape(signature) for one in entry.signatures):
            raise ValueError(f"{name}({', '.join(parameters)}) is registered twice")
        entry.signatures.append(signature)
        return call

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    is_optional = name.endswith("?")
    takes_null = kind.endswith("?")
    kind = kind.removesuffix("?") or "any"
    return Parameter(name.removesuffix("?"), kind, is_optional, takes_null)


def _shape(signature: Signature) -> list[tuple[str, str]]:
    return [(parameter.name, parameter.kind) for parameter in signature.parameters]
