"""What the API has and this house does not do: 501 with the reason. What the API does not have: 404.

The list is that of the official client, version 10; `*` stands for one part of a path. What stands in it
and why is told to people in docs/api.md, which a test holds against it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import Pattern, escape
from re import compile as compile_pattern

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from service.api.own_errors import MethodNotAllowedError
from service.api.routes import SIGNED_IN, route
from service.domain.errors import NotFoundError, NotSupportedError

blueprint = Blueprint("api_unsupported", __name__)
cluster_blueprint = Blueprint("api_unsupported_cluster", __name__)

_PREFIX, _CLUSTER = "/v2", "/cluster/v2"

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")

_PATHS_BY_REASON: Mapping[str, str] = {
    "there are no AI agents here": """
        GET /agent-definitions/*
        POST /agent-definitions/search
        POST /agent-instances
        GET PATCH /agent-instances/*
        POST /agent-instances/*/history/search
        POST /agent-instances/search""",
    "the database is backed up by its own means": """
        GET POST /backups/history
        DELETE GET /backups/history/*
        GET POST /backups/runtime
        DELETE GET /backups/runtime/*
        DELETE GET /backups/runtime/state
        POST /backups/runtime/state/sync
        GET POST /restore
        GET POST /cluster/v2/backups/history
        DELETE GET /cluster/v2/backups/history/*
        GET POST /cluster/v2/backups/runtime
        DELETE GET /cluster/v2/backups/runtime/*
        DELETE GET /cluster/v2/backups/runtime/state
        POST /cluster/v2/backups/runtime/state/sync
        POST /cluster/v2/restore""",
    "there is no exporter: searches read the database itself": """
        GET /exporting
        POST /exporting/pause
        POST /exporting/resume
        GET /cluster/v2/exporting
        POST /cluster/v2/exporting/pause
        POST /cluster/v2/exporting/resume""",
    "there is no mode of a cluster to change": """
        PATCH /mode
        PATCH /cluster/v2/mode""",
    "there are no partitions to balance or upgrade": """
        GET /cluster/v2/status/upgrade
        DELETE GET POST /cluster/v2/rebalance""",
    "there is no store of secrets": """
        POST /secrets/list
        POST /secrets/resolve""",
}


@dataclass(frozen=True)
class Unsupported:
    """A path of the API that this house does not serve.

    Attributes:
        template: The whole path, `*` for one part.
        pattern: What paths it stands for.
    """

    template: str
    pattern: Pattern[str]
    methods: frozenset[str]
    reason: str


def _read_list() -> Iterator[Unsupported]:
    for reason, lines in _PATHS_BY_REASON.items():
        for line in lines.strip().splitlines():
            *methods, path = line.split()
            template = path if path.startswith(_CLUSTER) else f"{_PREFIX}{path}"
            pattern = compile_pattern(escape(template).replace(r"\*", "[^/]+"))
            yield Unsupported(template, pattern, frozenset(methods), reason)


UNSUPPORTED = tuple(_read_list())
"""Every path of the API that is answered with 501."""


def _enter(here: Blueprint, method: str) -> None:
    @route(here, method, "/<path:rest>", SIGNED_IN)
    def anything_else(rest: str) -> Response:
        """Refuse a path that nobody serves.

        Raises:
            NotSupportedError: The API has it; says why it is not here.
            MethodNotAllowedError: It has another method.
            NotFoundError: The API does not have it.
        """
        path = request.path
        known = [one for one in UNSUPPORTED if one.pattern.fullmatch(path)]
        for one in known:
            if method in one.methods:
                raise NotSupportedError(
                    f"Expected another request than {method} {path}: {one.reason}.",
                    path=path,
                    because=one.reason,
                )
        allowed = {name for one in known for name in one.methods} | _served_methods(path)
        if allowed:
            raise MethodNotAllowedError(
                f"Expected one of {', '.join(sorted(allowed))} for '{path}', but got {method}.",
                allowed,
            )
        raise NotFoundError(f"Expected a path of the API, but '{path}' is none.", path=path)


for _blueprint in (blueprint, cluster_blueprint):
    for _method in METHODS:
        _enter(_blueprint, _method)


def _served_methods(path: str) -> set[str]:
    adapter = current_app.url_map.bind("")
    served = set()
    for method in METHODS:
        try:
            endpoint, _arguments = adapter.match(path, method)
        except (NotFound, MethodNotAllowed, RequestRedirect):
            continue
        if not endpoint.startswith(blueprint.name):
            served.add(method)
    return served
