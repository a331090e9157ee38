"""How views read: one connection, one answer; and how a command on something hidden is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response

from service.api import wire
from service.api.context import house, person
from service.api.routes import answer
from service.domain.errors import HuiyinError, NotFoundError
from service.reports.search.conditions import Condition
from service.reports.search.noun import Noun
from service.reports.search.nouns import find, search


def search_answer(noun: Noun, *within: Condition) -> Response:
    """Return the answer to the search body of this request."""
    body = wire.json_object()
    with house().database.asking() as connection:
        found = search(connection, person(), noun, body, *within)
    return answer(found)


def counted_answer(noun: Noun, *within: Condition) -> Response:
    """Return the answer to the page and sort of this request's body; its filter was read already."""
    body = {name: value for name, value in wire.json_object().items() if name != "filter"}
    with house().database.reading() as connection:
        return answer(search(connection, person(), noun, body, *within))


def found(noun: Noun, key: int | str) -> Response:
    """Return the thing of that key.

    Raises:
        NotFoundError: There is none, or the person may not know that there is.
    """
    with house().database.reading() as connection:
        return answer(find(connection, person(), noun, key))


def require_visible(noun: Noun, key: int | str) -> dict[str, Any]:
    """Return the thing of that key as the API's object.

    Raises:
        NotFoundError: There is none, or the person may not know that there is.
        BadInputError: So it is, and the body of this request cannot be read: Camunda 8 reads that first.
    """
    try:
        with house().database.reading() as connection:
            return find(connection, person(), noun, key)
    except NotFoundError:
        wire.json_object()
        raise


@contextmanager
def hidden_is_not_found(noun: Noun, key: int | str) -> Iterator[None]:
    """Answer a refused command on something that the person may not see as if it were not there.

    Raises:
        NotFoundError: The command was refused and the thing is hidden.
    """
    try:
        yield
    except NotFoundError:
        raise
    except HuiyinError:
        require_visible(noun, key)
        raise
