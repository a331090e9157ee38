"""Refusals and failures as pages, or as problem details for scripts; each with an id that is in the log."""

from http import HTTPStatus
from urllib.parse import quote

import structlog
from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from service.domain.errors import BusyError, HuiyinError, InvalidFormError, OverloadedError
from service.domain.program_paths import PROGRAM_PATHS
from service.web.request import current
from service.web.words import refusals
from service.web.words.problems import field_problems

log = structlog.get_logger()


def register(blueprint: Blueprint) -> None:
    """Answer what views of the blueprint raise."""
    blueprint.register_error_handler(HuiyinError, answer_refusal)
    blueprint.register_error_handler(CSRFError, answer_forged)
    blueprint.register_error_handler(HTTPException, answer_http)
    blueprint.register_error_handler(Exception, answer_failure)


def answer_refusal(error: HuiyinError) -> Response:
    """Answer a refused command or page."""
    status = refusals.status_of(error)
    if status == HTTPStatus.UNAUTHORIZED and not wants_problem():
        return _to_sign_in()
    log.info("web_refused", id=current.request_id(), code=error.code, detail=error.detail)
    answer = _answer(status, refusals.text_of(error), error)
    if isinstance(error, (BusyError, OverloadedError)):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def answer_forged(_error: CSRFError) -> Response:
    """Answer a request that does not prove to come from our own page.

    A page whose reader signed in again elsewhere has an old token, and perhaps an hour's typing: a script is
    told the new one, and for whom it is. Another site may send the request but cannot read this answer.
    """
    log.info("web_csrf_refused", id=current.request_id(), path=request.path)
    fresh = {"csrf_token": generate_csrf(), "signed_in_as": current.username()}
    return _answer(400, refusals.text_of_csrf(), None, **fresh)


def answer_http(error: HTTPException) -> Response:
    """Answer what Flask itself refuses: unknown address, wrong method, too large."""
    status = error.code or 500
    log.info("web_refused", id=current.request_id(), status=status, path=request.path)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        limit = current.house().rules.upload_bytes
        return _answer(status, refusals.text_of_size(request.content_length, limit), None)
    return _answer(status, refusals.text_of_status(status), None)


def answer_failure(error: Exception) -> Response:
    """Answer a bug of ours: nothing of it is told but the id under which the log has it all."""
    log.error("web_failed", id=current.request_id(), path=request.path, exc_info=error)
    return _answer(500, refusals.text_of_status(500), None)


def answer_unknown_address(error: HTTPException) -> Response:
    """Answer an address that no view has; programs get the API's kind of answer."""
    if request.path.startswith(PROGRAM_PATHS):
        status = error.code or 500
        answer = _problem(status, error.description or "")
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer
    return answer_http(error)


def wants_problem() -> bool:
    """Tell whether a script asks (the form island, htmx), to whom a page would be of no use."""
    if request.is_json or request.headers.get("HX-Request") == "true":
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _answer(status: int, text: str, error: HuiyinError | None, **more: str) -> Response:
    if not wants_problem():
        page = render_template(
            "error.html", status=status, text=text, request_id=current.request_id()
        )
        return make_response(page, status)
    if isinstance(error, InvalidFormError):
        return _problem(status, text, problems=field_problems(error.problems), **more)
    return _problem(status, text, **more)


def _problem(status: int, text: str, **more: object) -> Response:
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": text,
        "id": current.request_id(),
        **more,
    }
    answer = jsonify(problem)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    answer = redirect(f"{url_for('web.sign_in.page')}?next={quote(wanted)}", 303)
    return make_response(answer)
