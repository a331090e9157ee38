"""What was deployed: files of other kinds than BPMN, DMN and forms; and the deletion of all kinds."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.media_types import JSON
from service.api.own_errors import NotAcceptableError
from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, answer, route, saved_as
from service.reports.search.resources import NOUN, content_of
from service.reports.search.wire import key_text
from service.usecases import resource_deletion
from service.usecases.other_files import RPA

blueprint = Blueprint("api_resources", __name__)

BYTES = "application/octet-stream"


@route(blueprint, "POST", "/resources/search", SIGNED_IN)
def search() -> Response:
    """Return the deployed files of other kinds that the body asks for."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/resources/<resource_key>", SIGNED_IN)
def one(resource_key: int) -> Response:
    """Return what the file is."""
    return found(NOUN, resource_key)


@route(blueprint, "GET", "/resources/<resource_key>/content/binary", SIGNED_IN)
def content(resource_key: int) -> Response:
    """Return the file as it was deployed."""
    with house().database.reading() as connection:
        name, content = content_of(connection, person(), resource_key)
    return saved_as(name, content, BYTES)


@route(blueprint, "GET", "/resources/<resource_key>/content", SIGNED_IN)
def json_content(resource_key: int) -> Response:
    """Return an RPA file as JSON.

    Raises:
        NotAcceptableError: It is none.
    """
    with house().database.reading() as connection:
        name, content = content_of(connection, person(), resource_key)
    if not name.endswith(RPA):
        raise NotAcceptableError(
            f"Expected '{name}' to be an RPA file, but it is none: ask for its content as bytes."
        )
    return Response(content, content_type=JSON)


@route(blueprint, "POST", "/resources/<resource_key>/deletion", SIGNED_IN, command="DELETE")
def delete(resource_key: int) -> Response:
    """Delete a process, decision requirements, a form or another file; with its history when asked."""
    purges = wire.body().flag("deleteHistory", default=False)
    done = resource_deletion.delete_resource(house(), person(), resource_key, purges_history=purges)
    batch = {
        "batchOperationKey": key_text(done.batch_key),
        "batchOperationType": done.batch_kind,
    }
    shown = None if done.batch_key is None else batch
    return answer({"resourceKey": key_text(done.key), "batchOperation": shown})
