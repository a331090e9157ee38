"""Cluster variables: our parameters, and those that programs make beside them."""

from typing import Any

from flask import Blueprint, Response, request

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, done, route
from service.domain.errors import BadInputError, NotSupportedError
from service.reports.search.cluster_variables import NOUN, ONE, WHOLE_NOUN
from service.usecases import parameters as usecases

blueprint = Blueprint("api_cluster_variables", __name__)


@route(blueprint, "POST", "/cluster-variables/global", SIGNED_IN, command="CREATE")
def create() -> Response:
    """Make a variable that every expression may read."""
    body = wire.body()
    if body.text("kind", "JSON") != "JSON":
        raise NotSupportedError("Expected 'kind' JSON: there is no store of secrets.", field="kind")
    name = body.required_text("name")
    usecases.make(house(), person(), name, _value(), body.mapping("metadata"))
    return found(ONE, name)


@route(blueprint, "POST", "/cluster-variables/search", SIGNED_IN)
def search() -> Response:
    """Return the variables that the body asks for and the person may see; long values are cut."""
    return search_answer(WHOLE_NOUN if request.args.get("truncateValues") == "false" else NOUN)


@route(blueprint, "GET", "/cluster-variables/global/<name>", SIGNED_IN)
def one(name: str) -> Response:
    """Return a variable."""
    return found(ONE, name)


@route(blueprint, "PUT", "/cluster-variables/global/<name>", SIGNED_IN, command="UPDATE")
def update(name: str) -> Response:
    """Give a variable another value; a shipped one keeps its kind of value."""
    body = wire.body()
    usecases.change(house(), person(), name, _value())
    if body.has("metadata"):
        usecases.describe(house(), person(), name, body.mapping("metadata"))
    return found(ONE, name)


@route(blueprint, "DELETE", "/cluster-variables/global/<name>", SIGNED_IN, command="DELETE")
def delete(name: str) -> Response:
    """Delete a variable that no procedure ships."""
    usecases.remove(house(), person(), name)
    return done()


def _value() -> Any:
    value = wire.json_object().get("value")
    if value is None:
        raise BadInputError("Expected 'value' to be JSON, but it is missing.", field="value")
    return value
