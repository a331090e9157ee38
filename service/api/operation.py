"""What the operation that the present request asks for takes and gives."""

from functools import cache

from flask import request

from service.api.openapi.document import starred
from service.api.openapi.expected import Expected, expected
from service.api.own_errors import NotAcceptableError

_USUAL = frozenset({"", "*/*", "application/json", "application/json, text/plain, */*"})
"""What most clients send; each operation can answer so."""

_starred = cache(starred)


def expected_here() -> Expected | None:
    """Return what is known of it; None of a path that only refuses."""
    rule = request.url_rule
    return None if rule is None else expected(request.method, _starred(rule.rule))


def require_acceptable() -> None:
    """Refuse to answer somebody who accepts nothing of what this operation answers with.

    Raises:
        NotAcceptableError: So it is.

    Source: RFC 9110 §12.5.1; Camunda 8 (`produces` of its mappings).
    """
    if request.environ.get("HTTP_ACCEPT", "").strip() in _USUAL:
        return
    known = expected_here()
    if known is None or not known.types or request.accept_mimetypes.best_match(known.types):
        return
    types = ", ".join(known.types)
    raise NotAcceptableError(f"Acceptable representations: [{types}].", types=types)
