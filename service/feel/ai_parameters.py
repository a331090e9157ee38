"""What a text expects an AI agent to fill in: its calls of `fromAi`.

Source: Camunda 8 `fromAi(value, description, type, schema, options)` (FromAiTaggedParameterExtractor): the
first argument, a reference, names the parameter by all its names; the others are written down: texts and
contexts. What stands in such a call is no call of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.feel.expression import Expression
from service.feel.run import Surroundings
from service.feel.tree import Call, ContextOf, ListOf, Literal, Name, Negation, Node, Path, children

FUNCTION = "fromAi"
ARGUMENTS = ("value", "description", "type", "schema", "options")
TEXTS, CONTEXTS = ("description", "type"), ("schema", "options")
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


def misread_ai_arguments(expression: Expression) -> tuple[str, ...]:
    """Return the names of arguments that say nothing to who reads the text only, in order of the calls."""
    return tuple(name for call in _calls(expression.tree) for name in _misread(call))


def _calls(node: Node) -> Iterator[Call]:
    if isinstance(node, Call) and _is_from_ai(node.function) and (node.positional or node.named):
        yield node
        return
    for child in children(node):
        yield from _calls(child)


def _is_from_ai(function: Node) -> bool:
    return isinstance(function, Name) and function.name == FUNCTION


def _arguments(call: Call) -> dict[str, Node]:
    return dict(zip(ARGUMENTS, call.positional, strict=False)) | dict(call.named)


def _parameter(call: Call, text: str) -> AiParameter:
    given = _arguments(call)
    value = given.pop("value", None)
    constants = {
        name: Expression(text, node).evaluate({}, _CONSTANT).value
        for name, node in given.items()
        if name in ARGUMENTS
    }
    return AiParameter(_reference(value) or "", **constants)


def _misread(call: Call) -> Iterator[str]:
    given = _arguments(call)
    if _reference(given.get("value")) is None:
        yield "value"
    for name in TEXTS:
        if name in given and not _is_text(given[name]):
            yield name
    for name in CONTEXTS:
        if name in given and not (isinstance(given[name], ContextOf) and _is_constant(given[name])):
            yield name


def _is_text(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str)


def _reference(node: Node | None) -> str | None:
    """Return `a.b.c` of a variable or of what stands in one, or None."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Path):
        base = _reference(node.base)
        return None if base is None else f"{base}.{node.name}"
    return None


def _is_constant(node: Node) -> bool:
    if isinstance(node, ListOf):
        return all(map(_is_constant, node.items))
    if isinstance(node, ContextOf):
        return all(_is_constant(value) for _, value in node.entries)
    return isinstance(node.operand if isinstance(node, Negation) else node, Literal)
