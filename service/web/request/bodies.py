"""JSON bodies of the form island, read strictly."""

from typing import Any

from flask import request

from service.domain.errors import BadInputError
from service.usecases.hand_ins import Paper, paper_of


def variables() -> dict[str, Any]:
    """Return `variables` of the request's JSON object.

    Raises:
        BadInputError: The body is no JSON object, or `variables` is none.
    """
    found = _body().get("variables")
    if not isinstance(found, dict):
        raise BadInputError("Expected 'variables' to be an object.")
    return found


def draft_version() -> int | None:
    """Return `draft_version` of the request's JSON object; None when it is absent.

    Raises:
        BadInputError: It is no whole number.
    """
    found = _body().get("draft_version")
    if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
        raise BadInputError("Expected 'draft_version' to be a whole number.")
    return found


def paper() -> Paper | None:
    """Return the paper that is handed in, by the `paper_id` of its page; None when it is absent.

    Raises:
        BadInputError: The id is no text, or none that a page of ours makes.
    """
    found = _body().get("paper_id")
    if found is not None and not isinstance(found, str):
        raise BadInputError("Expected 'paper_id' to be a text.")
    return paper_of(found, variables())


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadInputError("Expected a JSON object.")
    return body
