"""What an operation takes and gives, as its document has it: for what is refused before a view reads it.

Source: Camunda 8.8 and later refuse fields they do not know (camunda/camunda, pull request 37895).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from service.api.media_types import JSON
from service.api.openapi.document import body_of, schemas, types_of
from service.api.openapi.operations import Operation, Search, operations
from service.api.openapi.shapes import sent_names
from service.domain.errors import BadInputError

Fields = Mapping[str, Any]
"""Name of a field -> the `Fields` below it, of an object or of the objects of a list; None: anything."""


@dataclass(frozen=True)
class Expected:
    """What one operation takes and gives.

    Attributes:
        fields: Of the JSON object that it takes; None: anything, or it takes none.
        needs_body: Whether there must be one.
        types: Media types that it can answer with; empty: any.
    """

    fields: Fields | None
    needs_body: bool
    types: tuple[str, ...]


@cache
def expected(method: str, path: str) -> Expected | None:
    """Return what is known of an operation, by its path with `*` for each argument; None: nothing."""
    described = operations().get((method, path))
    if described is None:
        return None
    body = {} if method == "GET" else body_of(described)
    fields = _fields(body.get("content", {}).get(JSON, {}).get("schema", {}), _named())
    if fields is not None and "filter" in fields and not _has_own_filter(described):
        # The filter of a noun refuses what it does not know by itself, wherever it is sent.
        fields = {**fields, "filter": None}
    return Expected(fields, bool(body.get("required")), types_of(described))


def require_known(value: Mapping[str, Any], fields: Fields, path: str = "") -> None:
    """Refuse an object with a field that is not expected.

    Raises:
        BadInputError: There is one; the text names it.
    """
    for name, given in value.items():
        where = f"{path}{name}"
        if name not in fields:
            raise BadInputError(
                f"Request property [{where}] cannot be parsed: there is no such field.",
                unknown_field=where,
            )
        below = fields[name]
        if below is not None:
            for one in given if isinstance(given, list) else (given,):
                if isinstance(one, dict):
                    require_known(one, below, f"{where}.")


def _has_own_filter(described: Operation) -> bool:
    """Tell whether a search has a filter that is no noun's: it is read field by field."""
    return isinstance(described, Search) and described.filter in sent_names()


@cache
def _named() -> Mapping[str, Any]:
    return schemas()


def _fields(schema: Mapping[str, Any], named: Mapping[str, Any]) -> Fields | None:
    """Return the fields below a schema; None where anything may stand, or nothing that has fields."""
    if "$ref" in schema:
        return _fields(named[schema["$ref"].rpartition("/")[2]], named)
    if "items" in schema:
        return _fields(schema["items"], named)
    found: dict[str, Any] = {}
    for one in schema.get("anyOf", ()):
        found |= _fields(one, named) or {}
    for name, inner in schema.get("properties", {}).items():
        found[name] = _fields(inner, named)
    return found or None
