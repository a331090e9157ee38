"""Deployed files by the key of the definition in them."""

from flask import Blueprint, Response

from service.api.context import house
from service.api.routes import SIGNED_IN, answer, route, saved_as
from service.reports.search import contents

blueprint = Blueprint("api_resources", __name__)

BYTES = "application/octet-stream"


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
