"""Deployed files by the key of the definition in them."""

from flask import Blueprint, Response

from service.api.context import house
from service.api.own_errors import NotAcceptableError
from service.api.reading import search_answer
from service.api.routes import JSON, SIGNED_IN, answer, route, saved_as
from service.reports.search import contents
from service.reports.search.resources import NOUN

blueprint = Blueprint("api_resources", __name__)

BYTES = "application/octet-stream"


@route(blueprint, "POST", "/resources/search", SIGNED_IN)
def search() -> Response:
    """Return the deployed files that the body asks for, one row a definition in them."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/resources/<resource_key>", SIGNED_IN)
def one(resource_key: int) -> Response:
    """Return what the file is."""
    with house().database.reading() as connection:
        return answer(contents.show_resource(contents.any_file(connection, resource_key)))


@route(blueprint, "GET", "/resources/<resource_key>/content/binary", SIGNED_IN)
def content(resource_key: int) -> Response:
    """Return the file as it was deployed."""
    with house().database.reading() as connection:
        file = contents.any_file(connection, resource_key)
    return saved_as(file.resource_name, file.content, BYTES)


@route(blueprint, "GET", "/resources/<resource_key>/content", SIGNED_IN)
def json_content(resource_key: int) -> Response:
    """Return a file that is JSON as JSON.

    Raises:
        NotAcceptableError: It is none.
    """
    with house().database.reading() as connection:
        file = contents.any_file(connection, resource_key)
    if file.kind != "form":
        raise NotAcceptableError(
            f"Expected '{file.resource_name}' to be JSON, but it is XML: ask for its content as bytes."
        )
    return Response(file.content, content_type=JSON)
