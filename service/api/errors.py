"""Errors as problem details (RFC 9457), in the words of Camunda 8: one table, class -> status.

    {"type": "about:blank", "title": "INVALID_STATE", "status": 409, "instance": "/v2/user-tasks/1/completion",
     "detail": "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected …", "requestId": "…"}

Beside these: `message` (the reason in Chinese, when the rights gave one), `problems` (refused form fields),
`findings` (refused deployments).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import orjson
import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.api.context import request_id
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

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class TooLateError(HuiyinError):
    """What was waited for did not happen in time; it may still happen."""

    code = "DEADLINE_EXCEEDED"


class MethodNotAllowedError(HuiyinError):
    """The path is known, but not with this method.

    Attributes:
        allowed: The methods it has.
    """

    code = "METHOD_NOT_ALLOWED"

    def __init__(self, detail: str, allowed: Iterable[str]) -> None:
        super().__init__(detail)
        self.allowed = tuple(sorted(allowed))


STATUS: Mapping[type[HuiyinError], int] = {
    InvalidFormError: 422,
    DeploymentRefusedError: 400,
    BadInputError: 400,
    NotSignedInError: 401,
    NotAllowedError: 403,
    NotFoundError: 404,
    MethodNotAllowedError: 405,
    BusyError: 409,
    WrongStateError: 409,
    NotSupportedError: 501,
    OverloadedError: 503,
    TooLateError: 504,
}
"""The status of each class; a subclass that is not named has that of its base."""

_HTTP_TITLES = {
    400: "INVALID_ARGUMENT",
    404: "NOT_FOUND",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}


def answer_errors(blueprints: Iterable[Blueprint]) -> None:
    """Let the views of these blueprints answer every error as a problem; once, before they serve."""
    for blueprint in blueprints:
        blueprint.register_error_handler(HuiyinError, _answer_known)
        blueprint.register_error_handler(HTTPException, _answer_http)
        blueprint.register_error_handler(Exception, _answer_bug)


def status_of(error: HuiyinError) -> int:
    """Return the HTTP status of an error: that of the nearest class in `STATUS`, else 500."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _answer_known(error: HuiyinError) -> Response:
    status = status_of(error)
    log.info("api_refused", request_id=request_id(), code=error.code, path=request.path)
    response = _problem(status, error.code, _detail(error), _extras(error))
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
    return _problem(status, title, error.description or error.name, {})


def _answer_bug(error: Exception) -> Response:
    log.error("api_failed", request_id=request_id(), path=request.path, exc_info=error)
    detail = (
        f"Expected to answer, but an unexpected error occurred; it is in the log as {request_id()}."
    )
    return _problem(500, "INTERNAL_ERROR", detail, {})


def _detail(error: HuiyinError) -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    command = getattr(view, "command", None)
    if command is None:
        return error.detail
    return f"Command '{command}' rejected with code '{error.code}': {error.detail}"


def _extras(error: HuiyinError) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    message = error.facts.get("message")
    if isinstance(message, str):
        extras["message"] = message
    if isinstance(error, InvalidFormError):
        extras["problems"] = [asdict(problem) for problem in error.problems]
    if isinstance(error, DeploymentRefusedError):
        extras["findings"] = [asdict(finding) for finding in error.findings]
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
    return Response(orjson.dumps(body, default=str), status=status, content_type=MEDIA_TYPE)
