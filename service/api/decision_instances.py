"""Decision instances: search, one with its inputs and matched rules, deletion."""

from flask import Blueprint, Response

from service.api import wire
from service.api.batch_operations import created, filter_of
from service.api.context import house, person
from service.api.languages import language
from service.api.reading import search_answer
from service.api.routes import OPERATES, SIGNED_IN, answer, done, route
from service.domain import batch_operations as words
from service.reports.search.decision_instances import find_by_name, noun_in
from service.usecases import decision_deletion
from service.usecases.batch_operations.control import CreateBatch

blueprint = Blueprint("api_decision_instances", __name__)


@route(blueprint, "POST", "/decision-instances/search", SIGNED_IN)
def search() -> Response:
    """Return the decision instances that the body asks for and the person may see."""
    return search_answer(noun_in(language()))


@route(blueprint, "GET", "/decision-instances/<instance_name>", SIGNED_IN)
def one(instance_name: str) -> Response:
    """Return a decision instance, named `<evaluation key>-<position>`."""
    with house().database.reading() as connection:
        return answer(find_by_name(connection, person(), noun_in(language()), instance_name))


@route(
    blueprint,
    "POST",
    "/decision-instances/<evaluation_key>/deletion",
    SIGNED_IN,
    command="DELETE",
)
def delete(evaluation_key: int) -> Response:
    """Delete an evaluation: the decision that was asked for, and those it required."""
    decision_deletion.delete_decisions(house(), person(), evaluation_key)
    return done()


@route(blueprint, "POST", "/decision-instances/deletion", OPERATES, command="CREATE")
def delete_many() -> Response:
    """Delete the evaluations of which the filter finds a decision."""
    given = filter_of(wire.body(), words.DELETE_DECISION)
    return created(CreateBatch(words.DELETE_DECISION, given))
