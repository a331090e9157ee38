"""Decision instances: search, one with its inputs and matched rules."""

from flask import Blueprint, Response

from service.api.context import house, person
from service.api.reading import search_answer
from service.api.routes import SIGNED_IN, answer, route
from service.reports.search.decision_instances import NOUN, find_by_name

blueprint = Blueprint("api_decision_instances", __name__)


@route(blueprint, "POST", "/decision-instances/search", SIGNED_IN)
def search() -> Response:
    """Return the decision instances that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/decision-instances/<instance_name>", SIGNED_IN)
def one(instance_name: str) -> Response:
    """Return a decision instance, named `<evaluation key>-<position>`."""
    with house().database.reading() as connection:
        return answer(find_by_name(connection, person(), instance_name))
