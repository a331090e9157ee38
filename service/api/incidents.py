"""Incidents: search, one, resolve."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.languages import language
from service.api.reading import counted_answer, found, hidden_is_not_found, search_answer
from service.api.routes import SIGNED_IN, done, route
from service.domain.errors import BadInputError
from service.reports.search import incident_statistics
from service.reports.search.incidents import NOUN, noun_in
from service.usecases import incidents as usecases

NEW_INCIDENT = "Huiyin-New-Incident"
"""Header with the key of the incident that a failed retry has raised."""

blueprint = Blueprint("api_incidents", __name__)


@route(blueprint, "POST", "/incidents/search", SIGNED_IN)
def search() -> Response:
    """Return the incidents that the body asks for and the person may see."""
    return search_answer(noun_in(language()))


@route(blueprint, "GET", "/incidents/<incident_key>", SIGNED_IN)
def one(incident_key: int) -> Response:
    """Return an incident."""
    return found(noun_in(language()), incident_key)


@route(blueprint, "POST", "/incidents/statistics/process-instances-by-error", SIGNED_IN)
def statistics_by_error() -> Response:
    """Return how many running instances have an incident, by its message."""
    return counted_answer(incident_statistics.by_error(person(), language()))


@route(blueprint, "POST", "/incidents/statistics/process-instances-by-definition", SIGNED_IN)
def statistics_by_definition() -> Response:
    """Return the same for one message, by definition."""
    filters = wire.body().inner("filter")
    error_hash = filters.integer("errorHashCode", None)
    if error_hash is None:
        raise BadInputError("Expected 'filter.errorHashCode'.", field="filter.errorHashCode")
    return counted_answer(incident_statistics.by_definition(person(), error_hash))


@route(blueprint, "POST", "/incidents/<incident_key>/resolution", SIGNED_IN, command="RESOLVE")
def resolve(incident_key: int) -> Response:
    """Repeat the failed step; if it fails again a new incident follows."""
    wire.body()
    with hidden_is_not_found(NOUN, incident_key):
        again = usecases.resolve(house(), person(), incident_key)
    answered = done()
    if again is not None:
        # The API's answer has no body; so a program can tell that the step did not pass.
        answered.headers[NEW_INCIDENT] = str(again)
    return answered
