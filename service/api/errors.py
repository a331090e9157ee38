"""Errors as problem details (RFC 9457), in the words of Camunda 8: one table, class -> status.

    {"type": "about:blank", "title": "INVALID_STATE", "status": 409, "instance": "/v2/user-tasks/1/completion",
     "detail": "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected …", "requestId": "…"}

`detail` is in the language of `Accept-Language`: Simplified or Traditional Chinese, else English. Beside
these: `message` (the reason in Chinese, when the error carries one), `problems` (refused form fields) and
`findings` (refused deployments), each with its Chinese `message` and a `detail` in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import orjson
import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.api.context import request_id
from service.api.languages import language
from service.api.media_types import PROBLEM
from service.api.own_errors import (
    MethodNotAllowedError,
    NotAcceptableError,
    TooLateError,
    UnsupportedMediaError,
)
from service.api.sentences import (
    command_sentence,
    failure_sentence,
    finding_sentence,
    problem_sentence,
    sentence,
    status_sentence,
)
from service.api.violations import is_unreadable
from service.domain.errors import (
    BadInputError,
    BusyError,
    DeploymentRefusedError,
    HuiyinError,
    InvalidFormError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    NotSupportedError,
    OverloadedError,
    WrongStateError,
)
from service.domain.program_paths import PROGRAM_PATHS
from service.feel import FeelSyntaxError

log = structlog.get_logger()


STATUS: Mapping[type[HuiyinError], int] = {
    InvalidFormError: 422,
    DeploymentRefusedError: 400,
    BadInputError: 400,
    NotSignedInError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    MethodNotAllowedError: 405,
    NotAcceptableError: 406,
    BusyError: 409,
    WrongStateError: 409,
    UnsupportedMediaError: 415,
    NotSupportedError: 501,
    OverloadedError: 503,
    TooLateError: 504,
}
"""The status of each class; a subclass that is not named has that of its base."""

UNREADABLE = "Bad Request"
"""The title where a body could not be read, before anything was asked of it."""

_HTTP_TITLES = {
    400: "INVALID_ARGUMENT",
    404: "NOT_FOUND",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
}


def answer_errors(blueprints: Iterable[Blueprint]) -> None:
    """Let the views of these blueprints answer every error as a problem; once, before they serve."""
    for blueprint in blueprints:
        blueprint.register_error_handler(HuiyinError, _answer_known)
        blueprint.register_error_handler(HTTPException, _answer_http)
        blueprint.register_error_handler(Exception, _answer_bug)


def refuse_empty_parts() -> Response | None:
    """Answer a request to the API whose path has an empty part; None: it has none, or is for a page.

    Source: Camunda 8 (Spring's `StrictHttpFirewall`).
    """
    path = request.path
    if "//" not in path or not path.startswith(PROGRAM_PATHS):
        return None
    told = f"Expected a path without empty parts, but got '{path}'."
    return _problem(400, UNREADABLE, status_sentence(400, told, language()), {})


def status_of(error: HuiyinError) -> int:
    """Return the HTTP status of an error: that of the nearest class in `STATUS`, else 500."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _title(error: HuiyinError) -> str:
    return UNREADABLE if is_unreadable(error) else error.code


def problem_of(error: HuiyinError) -> dict[str, Any]:
    """Return status, title and detail of an error that is one of several in an answer."""
    return {"status": status_of(error), "title": error.code, "detail": _detail(error)}


def _answer_known(error: HuiyinError) -> Response:
    status = status_of(error)
    log.info("api_refused", request_id=request_id(), code=error.code, path=request.path)
    response = _problem(status, _title(error), _detail(error), _extras(error))
    if isinstance(error, (BusyError, OverloadedError)):
        response.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotSignedInError):
        response.headers["WWW-Authenticate"] = 'Basic realm="Huiyin", charset="UTF-8"'
    if isinstance(error, MethodNotAllowedError):
        response.headers["Allow"] = ", ".join(error.allowed)
    return response


def _answer_http(error: HTTPException) -> Response:
    status = error.code or 500
    title = _HTTP_TITLES.get(status, error.name.upper().replace(" ", "_"))
    log.info("api_refused", request_id=request_id(), code=title, path=request.path)
    told = status_sentence(status, error.description or error.name, language())
    return _problem(status, title, told, {})


def _answer_bug(error: Exception) -> Response:
    log.error("api_failed", request_id=request_id(), path=request.path, exc_info=error)
    return _problem(500, "INTERNAL", failure_sentence(request_id(), language()), {})


def _detail(error: HuiyinError) -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    command = getattr(view, "command", None)
    told = sentence(error, language())
    if command is None or _title(error) == UNREADABLE:
        return told
    return command_sentence(told, command, error.code, language())


def _extras(error: HuiyinError) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    message = error.detail if isinstance(error, FeelSyntaxError) else error.facts.get("message")
    if isinstance(message, str):
        extras["message"] = message
    if isinstance(error, InvalidFormError):
        extras["problems"] = [
            {**asdict(one), "detail": problem_sentence(one, language())} for one in error.problems
        ]
    if isinstance(error, DeploymentRefusedError):
        extras["findings"] = [
            {**asdict(one), "detail": finding_sentence(one, language())} for one in error.findings
        ]
    return extras


def _problem(status: int, title: str, detail: str, extras: Mapping[str, Any]) -> Response:
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "requestId": request_id(),
        **extras,
    }
    response = Response(orjson.dumps(body, default=str), status=status, content_type=PROBLEM)
    response.headers["Content-Language"] = language().replace("_", "-")
    response.vary.add("Accept-Language")
    return response
