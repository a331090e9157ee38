"""Holds what the API answers and reads against its own OpenAPI document, strictly: no field more, none less.

Every application of these tests is watched (`conftest.app`), so each test of the API is one of the
document, too.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from flask import Flask, Response, g, request

from service.api import wire
from service.api.openapi.document import document, starred
from service.api.openapi.shapes import sent_names, shapes

REFUSED = {"changeset.assignee", "filter", "operationReference"}
"""Asked for in order to refuse what is in it, where nothing can be."""

JSON = ("application/json", "application/problem+json")


class Watched(dict[str, Any]):
    """A JSON object that was sent; keeps which fields of it were asked for, by path."""

    def __init__(self, fields: dict[str, Any], path: str, asked: set[str]) -> None:
        """Watch `fields`, which stand at `path` of the body."""
        super().__init__(fields)
        self._path = path
        self._asked = asked

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, and keep that it was asked for."""
        path = f"{self._path}{name}"
        self._asked.add(path)
        return self._watched(super().get(name, default), path)

    def _watched(self, value: Any, path: str) -> Any:
        if type(value) is dict:
            return Watched(value, f"{path}.", self._asked)
        if type(value) is list:
            return [self._watched(item, f"{path}[]") for item in value]
        return value


class Conformance:
    """The document of an application, and what did not fit it."""

    def __init__(self, app: Flask) -> None:
        """Read the document; everything answered is closed: no field but those told."""
        told = copy.deepcopy(document(app, "8.9.0"))
        self._schemas = told["components"]["schemas"]
        for name in (shapes().keys() - sent_names()) | {"PageOfAnswer", "Problem"}:
            self._schemas[name]["additionalProperties"] = False
        self._operations = {
            (method.upper(), starred(path.replace("{", "<").replace("}", ">"))): operation
            for path, methods in told["paths"].items()
            for method, operation in methods.items()
        }
        self._validators: dict[str, Any] = {}
        self.findings: list[str] = []

    def look(self, response: Response) -> Response:
        """Hold an answer and what was read for it against the document."""
        rule = request.url_rule
        operation = self._operations.get((request.method, starred(rule.rule))) if rule else None
        if operation is None:
            return response
        where = f"{request.method} {rule} {response.status_code}"
        shown = operation["responses"].get(str(response.status_code))
        shown = shown or operation["responses"]["default"]
        content = shown.get("content", {})
        if response.status_code < 300 and str(response.status_code) not in operation["responses"]:
            self.findings.append(f"{where} is no status of the document")
        elif response.mimetype in JSON and response.mimetype in content:
            self._validate(where, content[response.mimetype]["schema"], response)
        elif response.data and "*/*" not in content and response.mimetype not in content:
            self.findings.append(f"{where} answers {response.mimetype}, not {sorted(content)}")
        self._check_read(where, operation)
        return response

    def _validate(self, where: str, schema: dict[str, Any], response: Response) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": {"schemas": self._schemas}}
            self._validators[key] = jsonschema_rs.validator_for(whole)
        errors = [
            f"{where} {list(error.instance_path)}: {error.message[:300]}"
            for error in self._validators[key].iter_errors(json.loads(response.data))
        ]
        self.findings += errors

    def _check_read(self, where: str, operation: dict[str, Any]) -> None:
        asked = g.get("asked", set())
        content = operation.get("requestBody", {}).get("content", {})
        if not asked or "multipart/form-data" in content:
            return
        schema = content.get("application/json", {}).get("schema", {})
        told = set(self._paths(schema, "", 0)) | REFUSED
        free = tuple(path for path in told if path.endswith(".*"))
        unknown = {path for path in asked - told if not _is_within(path, free)}
        self.findings += [f"{where} reads «{path}», which is not told" for path in sorted(unknown)]

    def _paths(self, schema: dict[str, Any], path: str, depth: int) -> Iterator[str]:
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        for one in schema.get("anyOf", ()):
            yield from self._paths(one, path, depth)
        if "items" in schema and depth < 8:
            yield from self._paths(schema["items"], f"{path.rstrip('.')}[].", depth + 1)
        if schema.get("type") == "object" and "properties" not in schema:
            yield f"{path}*"
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}{name}"
            if depth < 8:
                yield from self._paths(inner, f"{path}{name}.", depth + 1)


def _is_within(path: str, free: tuple[str, ...]) -> bool:
    """Tell whether a path lies in an object that may hold anything, such as variables."""
    return any(path.startswith(one.removesuffix("*")) for one in free)


def watch(app: Flask) -> Conformance:
    """Hold all answers of an application against its document from now on."""
    conformance = Conformance(app)
    app.after_request(conformance.look)
    return conformance


def watch_reading(monkeypatch: Any) -> None:
    """Watch the fields of bodies that views ask for."""
    read = wire.json_object

    def watched() -> Any:
        g.asked = set()
        return Watched(dict(read()), "", g.asked)

    # The body is read in one place; a port for it would be there for this test alone.
    monkeypatch.setattr(wire, "json_object", watched)
