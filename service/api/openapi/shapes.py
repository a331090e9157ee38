"""The words of the document's lines, read into JSON schemas.

A line is `Name: field=type …`, and goes on where the next one is indented. The type is `text` when
none is written; `?` after it lets null stand there, `!` before the field (in what is sent) says that it
must be there. `[type]` is a list, `{type}` an object with any names, `A|B` one of two shapes. In what is
answered every field is there.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from service.api.openapi.answered import ANSWERED
from service.api.openapi.sent import SENT
from service.domain.identifiers import PATTERN as IDENTIFIER
from service.reports.search.kinds import LARGEST_KEY

_TYPES: Mapping[str, dict[str, Any]] = {
    "any": {},
    "file": {"type": "string", "format": "binary"},
    "flag": {"type": "boolean"},
    "id": {"type": "string", "pattern": f"^{IDENTIFIER}$"},
    "integer": {"type": "integer"},
    "key": {"type": "string", "pattern": "^-?[0-9]{1,25}$"},
    "moment": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
    "percentage": {"type": "integer", "minimum": 0, "maximum": 100},
    "reference": {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY},
    "text": {"type": "string"},
}


def shapes() -> dict[str, Any]:
    """Return the JSON schema of every shape, by name."""
    answered = {name: _schema(fields, is_answer=True) for name, fields in _lines(ANSWERED)}
    sent = {name: _schema(fields, is_answer=False) for name, fields in _lines(SENT)}
    return {**answered, **sent}


@cache
def sent_names() -> frozenset[str]:
    """Return the names of the shapes that are sent."""
    return frozenset(name for name, _fields in _lines(SENT))


def type_schema(word: str) -> dict[str, Any]:
    """Return the schema of a type word: `text`, `key?`, `[Role]`, `JobMetric`, `JobWait|TimerWait`."""
    if word.endswith("?"):
        return {"anyOf": [type_schema(word[:-1]), {"type": "null"}]}
    if "|" in word:
        return {"anyOf": [type_schema(one) for one in word.split("|")]}
    if word.startswith("["):
        return {"type": "array", "items": type_schema(word[1:-1])}
    if word.startswith("{"):
        return {"type": "object", "additionalProperties": type_schema(word[1:-1])}
    return dict(_TYPES[word]) if word in _TYPES else reference(word)


def reference(name: str) -> dict[str, Any]:
    """Return the reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.strip().replace("\n    ", " ").splitlines():
        name, _colon, fields = line.partition(": ")
        yield name, fields.split()


def _schema(fields: list[str], *, is_answer: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in fields:
        name, _equals, word = field.lstrip("!").partition("=")
        if name.endswith("?"):
            name, word = name[:-1], "text?"
        properties[name] = type_schema(word or "text")
        if is_answer or field.startswith("!"):
            required.append(name)
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema
