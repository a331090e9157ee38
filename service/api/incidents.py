"""Incidents: search, one, resolve."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, hidden_is_not_found, search_answer
from service.api.routes import SIGNED_IN, done, route
from service.reports.search.incidents import NOUN
from service.usecases import incidents as usecases

blueprint = Blueprint("api_incidents", __name__)


@route(blueprint, "POST", "/incidents/search", SIGNED_IN)
def search() -> Response:
    """Return the incidents that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", "/incidents/<incident_key>", SIGNED_IN)
def one(incident_key: int) -> Response:
    """Return an incident."""
    return found(NOUN, incident_key)


@route(blueprint, "POST", "/incidents/<incident_key>/resolution", SIGNED_IN, command="RESOLVE")
def resolve(incident_key: int) -> Response:
    """Repeat the failed step; if it fails again a new incident follows."""
    wire.body()
    with hidden_is_not_found(NOUN, incident_key):
        usecases.resolve(house(), person(), incident_key)
    return done()
