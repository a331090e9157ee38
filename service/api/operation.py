"""What the operation that the present request asks for takes and gives."""

from flask import request

from service.api.openapi.document import starred
from service.api.openapi.expected import Expected, expected
from service.api.own_errors import NotAcceptableError

_USUAL = frozenset({"", "*/*", "application/json", "application/json, text/plain, */*"})
"""What most clients send; each operation can answer so."""

_STARRED: dict[str, str] = {}


def expected_here() -> Expected | None:
    """Return what is known of it; None of a path that only refuses."""
    rule = request.url_rule
    if rule is None:
        return None
    path = _STARRED.get(rule.rule)
    if path is None:
        path = _STARRED[rule.rule] = starred(rule.rule)
    return expected(request.method, path)


def require_acceptable() -> None:
    """Refuse to answer somebody who accepts nothing of what this operation answers with.

    Raises:
        NotAcceptableError: So it is.

    Source: RFC 9110 §12.5.1; Camunda 8 (`produces` of its mappings).
    """
    if request.headers.get("Accept", "").strip() in _USUAL:
        return
    known = expected_here()
    if known is None or not known.types or request.accept_mimetypes.best_match(known.types):
        return
    types = ", ".join(known.types)
    raise NotAcceptableError(f"Acceptable representations: [{types}].", types=types)
