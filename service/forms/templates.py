"""Texts with FEEL in them (`=…` or `Dear {{name}}`): labels, descriptions, static texts."""

from collections.abc import Iterator
from re import compile as compile_pattern

from service.feel import Surroundings, compile_expression, to_json
from service.forms.scopes import Scope

_PART = compile_pattern(r"(?s)\{\{(.*?)\}\}")
_BLOCKS = ("#if ", "#loop ")
_ENDS = ("/if", "/loop")


def expressions_in(text: str) -> Iterator[str]:
    """Yield every FEEL expression of a template, those of `#if` and `#loop` blocks included."""
    if text.startswith("="):
        yield text[1:]
        return
    for part in _PART.findall(text):
        content = part.strip()
        if content in _ENDS:
            continue
        block = next((mark for mark in _BLOCKS if content.startswith(mark)), "")
        yield content.removeprefix(block)


def render(text: str, scope: Scope, surroundings: Surroundings) -> str:
    """Return a label as people read it; blocks (`#if`, `#loop`) are left as written."""
    if text.startswith("="):
        return _text(text[1:], scope, surroundings)
    if "{{#" in text:
        return text
    return _PART.sub(lambda part: _text(part.group(1), scope, surroundings), text)


def _text(expression: str, scope: Scope, surroundings: Surroundings) -> str:
    value = to_json(compile_expression(expression).evaluate(scope.context, surroundings).value)
    return "" if value is None else str(value)
