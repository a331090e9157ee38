"""Variables: search, one."""

from flask import Blueprint, Response, request

from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, route
from service.reports.search.variables import NOUN, ONE, WHOLE_NOUN

blueprint = Blueprint("api_variables", __name__)


@route(blueprint, "POST", "/variables/search", SIGNED_IN)
def search() -> Response:
    """Return the variables that the body asks for and the person may see; long values are cut."""
    is_whole = request.args.get("truncateValues") == "false"
    return search_answer(WHOLE_NOUN if is_whole else NOUN)


@route(blueprint, "GET", "/variables/<variable_key>", SIGNED_IN)
def one(variable_key: int) -> Response:
    """Return a variable with its whole value."""
    return found(ONE, variable_key)
