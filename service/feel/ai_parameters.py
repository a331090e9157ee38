"""What a text expects an AI agent to fill in: its calls of `fromAi`.

Source: Camunda 8 `fromAi(value, description, type, schema, options)`: the last name of the first
argument names the parameter, the others are constants.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.feel.expression import Expression
from service.feel.run import Surroundings
from service.feel.tree import Call, Name, Node, Path, children

FUNCTION = "fromAi"
ARGUMENTS = ("value", "description", "type", "schema", "options")
_CONSTANT = Surroundings(datetime(1970, 1, 1, tzinfo=UTC), ZoneInfo("UTC"), {})


@dataclass(frozen=True)
class AiParameter:
    """One parameter; what was not written is None. `schema` and `options` are FEEL contexts."""

    name: str
    description: Any = None
    type: Any = None
    schema: Any = None
    options: Any = None


def ai_parameters(expression: Expression) -> tuple[AiParameter, ...]:
    """Return the parameters of an expression, in the order they are written."""
    return tuple(_parameter(call, expression.text) for call in _calls(expression.tree))


def _calls(node: Node) -> Iterator[Call]:
    if isinstance(node, Call) and _is_from_ai(node.function) and (node.positional or node.named):
        yield node
    for child in children(node):
        yield from _calls(child)


def _is_from_ai(function: Node) -> bool:
    return isinstance(function, Name) and function.name == FUNCTION


def _parameter(call: Call, text: str) -> AiParameter:
    given = dict(zip(ARGUMENTS, call.positional, strict=False)) | dict(call.named)
    value = given.pop("value", None)
    constants = {
        name: Expression(text, node).evaluate({}, _CONSTANT).value
        for name, node in given.items()
        if name in ARGUMENTS
    }
    name = value.name if isinstance(value, Name | Path) else ""
    return AiParameter(name, **constants)
