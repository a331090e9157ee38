"""Makes the document: from the routes their paths, rules and texts, from `operations` what they answer."""

import inspect
from collections.abc import Mapping
from re import sub
from typing import Any

from flask import Flask
from werkzeug.routing import Rule as UrlRule

from service.api.media_types import JSON, MULTIPART, PROBLEM
from service.api.openapi.operations import Operation, Search, operations
from service.api.openapi.searches import filter_schema, search_schema, shared_filters
from service.api.openapi.shapes import reference, shapes, type_schema
from service.api.openapi.words import enumerations
from service.api.routes import ANYBODY, SIGNED_IN, Rule

STRING_KEYS = "application/vnd.camunda.api.keys.string+json"
"""What clients of Camunda 8.6 asked for to get keys as strings, which they are always here."""

_BYTES = {"bytes": "*/*", "octets": "application/octet-stream"}
_MULTIPART_BODIES = ("Deploy", "Upload", "UploadMany")
_NEVER_NEEDED = (
    "CompleteJob",
    "CompleteTask",
    "CreateGroup",
    "CreateMappingRule",
    "CreateRole",
    "DeleteResource",
    "FailJob",
    "LinkDocument",
    "OfInstances",
    "Operate",
    "UpdateMappingRule",
    "UpdateTask",
)
"""Bodies that may be left out, as the official clients have it; what must be in them is missing then."""

_STORE = (("storeId", "text", False),)
_OF_STORE = (*_STORE, ("contentHash", "text", False))
_WHOLE = (("truncateValues", "flag", False),)
_DRY = (("dryRun", "flag", False),)
_QUERIES: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "DELETE /v2/documents/*": _STORE,
    "GET /v2/documents/*": _OF_STORE,
    "GET /v2/jobs/statistics/global": (
        ("from", "moment", True),
        ("to", "moment", True),
        ("jobType", "text", False),
    ),
    "GET /v2/system/usage-metrics": (
        ("startTime", "moment", True),
        ("endTime", "moment", True),
        ("tenantId", "text", False),
        ("withTenants", "flag", False),
    ),
    "POST /v2/cluster-variables/search": _WHOLE,
    "POST /v2/documents": (*_STORE, ("documentId", "text", False)),
    "POST /v2/documents/*/links": _OF_STORE,
    "POST /v2/documents/batch": _STORE,
    "POST /v2/process-instances/*/migration": _DRY,
    "POST /v2/process-instances/migration": _DRY,
    "POST /v2/user-tasks/*/effective-variables/search": _WHOLE,
    "POST /v2/user-tasks/*/variables/search": _WHOLE,
    "POST /v2/variables/search": _WHOLE,
}
"""Method and path -> its query arguments: name, type, whether it must be there."""

_REFUSALS = {
    400: "What was sent is not what was expected; the detail names the field.",
    401: "The credentials are missing or wrong.",
    403: "It is not allowed to who asks.",
    404: "There is no such thing, or who asks may not know that there is.",
    409: "It cannot be done in the state that the thing is in.",
    415: "The body is not said to be of the type that is expected.",
    500: "Something unexpected went wrong; it is in the log.",
    503: "The house is overloaded or cannot reach its database; Retry-After says when to ask again.",
}


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
            described = known[method, starred(url_rule.rule)]
            shown = _operation(url_rule, method, described, view, rule)
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
            "schemas": schemas(),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def schemas() -> dict[str, Any]:
    """Return every schema that has a name."""
    own = {"Problem": _problem(), "PageOfAnswer": _page_of_answer()}
    return {**shapes(), **enumerations(), **shared_filters(), **own}


def starred(rule: str) -> str:
    """Return a path with `*` for each of its arguments."""
    return sub(r"<[^>]+>", "*", rule)


def _operation(
    url_rule: UrlRule, method: str, described: Operation, view: Any, rule: Rule
) -> dict[str, Any]:
    body = {} if method == "GET" else body_of(described)
    parameters = _parameters(url_rule, method)
    is_command = vars(view).get("command") is not None
    has_input = bool(body or parameters)
    refusals = _refusals(rule, has_input=has_input, has_body=bool(body), is_command=is_command)
    shown: dict[str, Any] = {
        "operationId": url_rule.endpoint,
        "summary": (inspect.getdoc(view) or "").partition("\n")[0],
        "x-rule": rule.name,
        "security": [] if rule.ask is None else [{"basic": []}, {"bearer": []}],
        "parameters": parameters,
        "responses": {**refusals, **_answers(described)},
    }
    return {**shown, "requestBody": body} if body else shown


def _parameters(url_rule: UrlRule, method: str) -> list[dict[str, Any]]:
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
    asked = _QUERIES.get(f"{method} {starred(url_rule.rule)}", ())
    return in_path + [
        {"name": name, "in": "query", "required": must, "schema": type_schema(word)}
        for name, word, must in asked
    ]


def _answers(described: Operation) -> dict[str, Any]:
    answers = {described.status: described.answer, **described.more}
    return {
        str(status): {"description": "Done.", **_content(answer)}
        for status, answer in answers.items()
    }


def _refusals(rule: Rule, *, has_input: bool, has_body: bool, is_command: bool) -> dict[str, Any]:
    """Return the refusals that can be told from the route; others are problems alike (`default`)."""
    statuses = {500, 503}
    if rule is not ANYBODY:
        statuses.add(401)
    if rule not in (ANYBODY, SIGNED_IN) or is_command:
        statuses.add(403)
    if has_input:
        statuses |= {400, 404}
    if has_body:
        statuses.add(415)
    if is_command:
        statuses.add(409)
    told = {str(status): _REFUSALS[status] for status in sorted(statuses)}
    content = {PROBLEM: {"schema": reference("Problem")}}
    return {
        status: {"description": text, "content": content}
        for status, text in {**told, "default": "Refused; the problem says why."}.items()
    }


def types_of(described: Operation) -> tuple[str, ...]:
    """Return the media types that an operation can answer with; none: any."""
    answers = (described.answer, *described.more.values())
    types = {kind for answer in answers for kind in _content(answer).get("content", {})}
    return () if "*/*" in types else (JSON, PROBLEM, STRING_KEYS, *sorted(types - {JSON}))


def _content(answer: str) -> dict[str, Any]:
    if answer == "-":
        return {}
    if answer == "xml":
        return {"content": {"text/xml": {"schema": {"type": "string"}}}}
    if answer in _BYTES:
        return {"content": {_BYTES[answer]: {"schema": {"type": "string", "format": "binary"}}}}
    kind, _open, inner = answer.rstrip(")").partition("(")
    if kind == "page":
        return _json({"items": type_schema(f"[{inner}]"), "page": reference("PageOfAnswer")})
    if kind == "items":
        return _json({"items": type_schema(f"[{inner}]")})
    return {"content": {JSON: {"schema": type_schema(answer)}}}


def _json(properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": sorted(properties)}
    return {"content": {JSON: {"schema": schema}}}


def body_of(described: Operation) -> dict[str, Any]:
    """Return what the document tells of the body of an operation; empty when it takes none."""
    if isinstance(described, Search):
        content = {JSON: {"schema": _search(described)}}
        return {"required": described.needs_filter, "content": content}
    if not described.body:
        return {}
    media = MULTIPART if described.body in _MULTIPART_BODIES else JSON
    is_needed = described.body not in _NEVER_NEEDED
    return {"required": is_needed, "content": {media: {"schema": reference(described.body)}}}


def _search(described: Search) -> dict[str, Any]:
    filter_ = reference(described.filter) if described.filter else None
    if filter_ is None and described.noun is not None:
        filter_ = filter_schema(described.noun.filters)
    return search_schema(
        filter_, described.sorts, described.page, needs_filter=described.needs_filter
    )


def _problem() -> dict[str, Any]:
    names = ("type", "title", "detail", "instance", "requestId")
    required = {name: {"type": "string"} for name in names} | {"status": {"type": "integer"}}
    more = {
        "message": {"type": "string"},
        "problems": type_schema("[FieldProblem]"),
        "findings": type_schema("[Finding]"),
    }
    return {"type": "object", "properties": {**required, **more}, "required": sorted(required)}


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
