"""The audit log: search, one."""

from flask import Blueprint, Response

from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, route
from service.reports.search.audit_logs import NOUN

blueprint = Blueprint("api_audit_logs", __name__)


@route(blueprint, "POST", "/audit-logs/search", SIGNED_IN)
def search() -> Response:
    """Return the entries that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/audit-logs/<audit_log_key>", SIGNED_IN)
def one(audit_log_key: int) -> Response:
    """Return an entry."""
    return found(NOUN, audit_log_key)
