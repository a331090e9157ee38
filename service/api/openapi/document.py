"""Makes the document: from the routes their paths, rules and texts, from `operations` what they answer."""

import inspect
from collections.abc import Mapping
from re import sub
from typing import Any

from flask import Flask
from werkzeug.routing import Rule as UrlRule

from service.api.openapi.operations import DEFAULT, NOUNS, Operation, operations
from service.api.openapi.shapes import schemas, type_schema
from service.api.routes import JSON, Rule
from service.reports.search.conditions import Field
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, Kind
from service.reports.search.noun import Noun
from service.reports.search.pages import LARGEST_LIMIT

PROBLEM = "application/problem+json"
_QUERIES: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "/v2/jobs/statistics/global": (
        ("from", "moment", True),
        ("to", "moment", True),
        ("jobType", "text", False),
    ),
    "/v2/system/usage-metrics": (("startTime", "moment", True), ("endTime", "moment", True)),
}
"""Path -> its query arguments: name, type, whether it must be there."""

_WORDS = {KEY.expected: "key", INTEGER.expected: "integer", MOMENT.expected: "moment"}


def document(app: Flask, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the routes of an application."""
    known = operations()
    paths: dict[str, dict[str, Any]] = {}
    for url_rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[url_rule.endpoint]
        rule = vars(view).get("rule")
        if not isinstance(rule, Rule) or "<path:" in url_rule.rule:
            continue
        for method in sorted((url_rule.methods or set()) - {"HEAD", "OPTIONS"}):
            described = known.get((method, starred(url_rule.rule)), DEFAULT)
            shown = _operation(url_rule, method, described, rule, inspect.getdoc(view) or "")
            paths.setdefault(_braced(url_rule.rule), {})[method.lower()] = shown
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huiyin",
            "version": version,
            "description": "Camunda 8's Orchestration Cluster API under /v2, our own under /api.",
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas(), "Problem": _problem(), "PageOfAnswer": _page_of_answer()},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def starred(rule: str) -> str:
    """Return a path with `*` for each of its arguments."""
    return sub(r"<[^>]+>", "*", rule)


def _operation(
    url_rule: UrlRule, method: str, described: Operation, rule: Rule, text: str
) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "operationId": url_rule.endpoint,
        "summary": text.partition("\n")[0],
        "x-rule": rule.name,
        "security": [] if rule.ask is None else [{"basic": []}, {"bearer": []}],
        "parameters": _parameters(url_rule),
        "responses": _responses(described),
    }
    body = _body(described.body, starred(url_rule.rule))
    if body and method != "GET":
        shown["requestBody"] = body
    return shown


def _parameters(url_rule: UrlRule) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": type_schema("key")
            if name.endswith("_key")
            else {"type": "string", "minLength": 1},
        }
        for name in sorted(url_rule.arguments)
    ]
    asked = _QUERIES.get(url_rule.rule, ())
    return in_path + [
        {"name": name, "in": "query", "required": must, "schema": type_schema(word)}
        for name, word, must in asked
    ]


def _responses(described: Operation) -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    shown: dict[str, Any] = {
        str(described.status): {"description": "Done.", **_content(described.answer)},
        "default": {
            "description": "Refused; the problem says why.",
            "content": {PROBLEM: {"schema": problem}},
        },
    }
    if described.answer == "DocumentBatch":
        shown["207"] = shown["201"]
    if described is DEFAULT or described.answer == "Form":
        shown["204"] = {"description": "Done, or there is none."}
    return shown


def _content(answer: str) -> dict[str, Any]:
    if answer == "-":
        return {}
    if answer == "xml":
        return {"content": {"text/xml": {"schema": {"type": "string"}}}}
    if answer == "bytes":
        return {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    kind, _open, inner = answer.rstrip(")").partition("(")
    if kind == "page":
        page = {"$ref": "#/components/schemas/PageOfAnswer"}
        return _json({"items": type_schema(f"[{inner}]"), "page": page})
    if kind == "items":
        return _json({"items": type_schema(f"[{inner}]")})
    return {"content": {JSON: {"schema": type_schema(answer)}}}


def _json(properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": sorted(properties)}
    return {"content": {JSON: {"schema": schema}}}


def _body(word: str, path: str) -> dict[str, Any]:
    if not word:
        return {}
    if word == "files":
        part = {"type": "string", "format": "binary"}
        properties = {
            "resources": part,
            "file": part,
            "files": part,
            "tenantId": {"type": "string"},
        }
        return {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": {"type": "object", "properties": properties}}
            },
        }
    schema = _search(NOUNS.get(path)) if word == "search" else type_schema(word)
    is_needed = word not in ("search", "Nothing", "CompleteJob", "CompleteTask", "FailJob")
    return {"required": is_needed, "content": {JSON: {"schema": schema}}}


def _search(noun: Noun | None) -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 0, "maximum": LARGEST_LIMIT}
    page = {
        "type": "object",
        "properties": {
            "limit": limit,
            "from": {"type": "integer", "minimum": 0},
            "after": {"type": "string"},
            "before": {"type": "string"},
        },
    }
    properties: dict[str, Any] = {"page": page}
    if noun is None:
        properties["filter"] = {"type": "object"}
    else:
        fields = {name: _filter(field) for name, field in noun.filters.fields.items()}
        properties["filter"] = {"type": "object", "properties": fields}
        properties["sort"] = _sort(noun)
    return {"type": "object", "properties": properties}


def _filter(field: Any) -> dict[str, Any]:
    if not isinstance(field, Field):
        return {}
    value = _value(field.kind)
    if not field.kind.operators:
        return value
    operators: dict[str, Any] = {}
    for name in sorted(field.kind.operators):
        if name == "$exists":
            operators[name] = {"type": "boolean"}
        elif name in ("$in", "$notIn"):
            operators[name] = {"type": "array", "items": value}
        else:
            operators[name] = {"type": "string"} if name == "$like" else value
    return {"anyOf": [value, {"type": "object", "properties": operators}]}


def _value(kind: Kind) -> dict[str, Any]:
    if kind.expected == FLAG.expected:
        return {"type": "boolean"}
    words = kind.expected.removeprefix("one of ")
    if words != kind.expected:
        return {"type": "string", "enum": words.split(", ")}
    return type_schema(_WORDS.get(kind.expected, "text"))


def _sort(noun: Noun) -> dict[str, Any]:
    properties = {
        "field": {"type": "string", "enum": sorted(noun.sorts)},
        "order": {"type": "string", "enum": ["ASC", "DESC"]},
    }
    item = {"type": "object", "properties": properties, "required": ["field"]}
    return {"type": "array", "items": item}


def _problem() -> dict[str, Any]:
    names = ("type", "title", "detail", "instance", "requestId")
    properties = {name: {"type": "string"} for name in names} | {"status": {"type": "integer"}}
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _page_of_answer() -> dict[str, Any]:
    properties = {
        "totalItems": {"type": "integer"},
        "hasMoreTotalItems": {"type": "boolean"},
        "startCursor": type_schema("text?"),
        "endCursor": type_schema("text?"),
    }
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _braced(rule: str) -> str:
    return sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
