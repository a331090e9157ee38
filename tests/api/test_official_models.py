"""What the official client reads and sends is in our OpenAPI document: held against the client's own models.

Nothing of Camunda's document is kept here: the client of the test lock is asked what it knows.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import models
from camunda_orchestration_sdk.api import __path__ as operations_path
from flask import Flask

from service.api import unsupported
from service.api.openapi.document import document

pytestmark = pytest.mark.slow

PACKAGE = "camunda_orchestration_sdk.api"
REQUIRED = re.compile(r'd\.pop_required\(\s*"([^"]+)"')
KNOWN = re.compile(r'd\.pop(?:_required)?\(\s*"([^"]+)"')


def operations() -> Iterator[tuple[str, str, Any]]:
    """Return method, path with `*` and module of every operation of the client that we serve."""
    for module in pkgutil.walk_packages(operations_path, f"{PACKAGE}."):
        if module.ispkg:
            continue
        loaded = importlib.import_module(module.name)
        source = Path(str(loaded.__file__)).read_text()
        match = re.search(r'"method": "(\w+)",\s*"url": f?"([^"]*)"', source)
        if match is None:
            continue
        path = re.sub(r"\{\w+\}", "*", match[2])
        path = path if path.startswith("/cluster/v2") else f"/v2{path}"
        method = match[1].upper()
        refused = any(
            one.template == path and method in one.methods for one in unsupported.UNSUPPORTED
        )
        if not refused:
            yield method, path, loaded


class Ours:
    """Our document, asked by operation."""

    def __init__(self, app: Flask) -> None:
        """Read it."""
        told = document(app, "8.9.0")
        self._schemas = told["components"]["schemas"]
        self._operations = {
            (method.upper(), re.sub(r"\{\w+\}", "*", path)): operation
            for path, methods in told["paths"].items()
            for method, operation in methods.items()
        }

    def answer(self, method: str, path: str, status: str) -> dict[str, Any]:
        """Return the schema of what is answered with a status."""
        answers = self._operations[method, path]["responses"]
        content = answers.get(status, {}).get("content", {})
        return self.plain(content.get("application/json", {}).get("schema", {}))

    def body(self, method: str, path: str) -> dict[str, Any]:
        """Return the schema of what is sent."""
        content = self._operations[method, path].get("requestBody", {}).get("content", {})
        kinds: list[dict[str, Any]] = list(content.values())
        return self.plain(kinds[0].get("schema", {}) if kinds else {})

    def plain(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a schema without references, without null, without the list around it."""
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            elif "items" in schema:
                schema = schema["items"]
            elif "anyOf" in schema:
                schema = self._merged([self.plain(one) for one in schema["anyOf"]])
            else:
                return schema

    @staticmethod
    def _merged(schemas: list[dict[str, Any]]) -> dict[str, Any]:
        real = [one for one in schemas if one.get("type") != "null"]
        properties: dict[str, Any] = {}
        for one in real:
            properties |= one.get("properties", {})
        return {**(real[0] if real else {}), **({"properties": properties} if properties else {})}


@cache
def text_of(name: str) -> str:
    """Return the source of the file in which the client keeps a model."""
    return Path(str(sys.modules[getattr(models, name).__module__].__file__)).read_text()


def fields(model: Any, pattern: re.Pattern[str]) -> set[str]:
    """Return the names of the fields that a model of the client reads."""
    return set(pattern.findall(text_of(model.__name__)))


def inner(model: Any, name: str) -> list[Any]:
    """Return the models that the client makes of one field of a model."""
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    made = rf"\b{snake}_?(?:_item|_type_\d+)?(?:: [^=\n]+)? = (\w+)\.from_dict\("
    found = {one for one in re.findall(made, text_of(model.__name__)) if hasattr(models, one)}
    return [getattr(models, one) for one in sorted(found)]


def missing_answers(ours: Ours, schema: dict[str, Any], model: Any, path: str = "") -> set[str]:
    """Return the fields that the client demands and the document does not promise."""
    schema = ours.plain(schema)
    properties = schema.get("properties", {})
    demanded = fields(model, REQUIRED)
    missing = {f"{path}{name}" for name in demanded - set(schema.get("required", ()))}
    for name in demanded & set(properties):
        within = inner(model, name)
        if len(within) == 1 and "properties" in ours.plain(properties[name]):
            missing |= missing_answers(ours, properties[name], within[0], f"{path}{name}.")
    return missing


def missing_in_bodies(
    ours: Ours, schema: dict[str, Any], model: Any, path: str = "", depth: int = 0
) -> set[str]:
    """Return the fields, filters with operators and sorts that the client can send and we do not tell of."""
    schema = ours.plain(schema)
    properties = schema.get("properties", {})
    known = fields(model, KNOWN)
    missing = {f"{path}{name}" for name in known - set(properties)}
    for name in known & set(properties):
        if name in ("page", "$or") or depth > 4:
            continue
        for one in inner(model, name):
            told = ours.plain(properties[name])
            if one.__name__.endswith("SortRequest"):
                missing |= _missing_sorts(told, one, f"{path}sort.")
            elif "properties" in told or one.__name__.startswith("Advanced"):
                missing |= missing_in_bodies(ours, told, one, f"{path}{name}.", depth + 1)
    return missing


def _missing_sorts(told: dict[str, Any], model: Any, path: str) -> set[str]:
    kind: Any = getattr(models, f"{model.__name__}Field")
    values = {one.value for one in kind} if issubclass(kind, Enum) else set()
    return {f"{path}{name}" for name in values - set(told["properties"]["field"]["enum"])}


def test_every_field_that_the_client_demands_is_promised(app: Flask) -> None:
    """Required in its models, required in our answers, at every depth."""
    ours = Ours(app)
    found = {}
    for method, path, module in operations():
        source = Path(str(module.__file__)).read_text()
        for status, name in re.findall(r"response_(2\d\d) = (\w+)\.from_dict", source):
            schema = ours.answer(method, path, status)
            missing = missing_answers(ours, schema, getattr(models, name))
            if missing:
                found[f"{method} {path} {status}"] = missing
    assert found == {}


def test_every_field_that_the_client_can_send_is_told(app: Flask) -> None:
    """Bodies at every depth, filter fields with their operators, sort fields."""
    ours = Ours(app)
    found = {}
    for method, path, module in operations():
        body = inspect.signature(module._get_kwargs).parameters.get("body")
        names = re.findall(r"\b[A-Z]\w+", str(body.annotation)) if body else []
        for name in names:
            model = getattr(models, name, None)
            if model is None or not hasattr(model, "from_dict"):
                continue
            missing = missing_in_bodies(ours, ours.body(method, path), model)
            if missing:
                found[f"{method} {path} {name}"] = missing
    assert found == {}
