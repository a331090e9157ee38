"""Element instances: search, one, its incidents, its variables; ad-hoc activities."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.job_results import activations
from service.api.languages import language
from service.api.listeners import when_listeners_have_answered
from service.api.reading import found, require_visible, search_answer
from service.api.routes import SIGNED_IN, UPDATES_INSTANCES, done, route
from service.reports.search import incidents, wait_states
from service.reports.search.element_instances import NOUN
from service.reports.search.incident_paths import felt_at
from service.usecases import ad_hoc
from service.usecases import process_instances as usecases

blueprint = Blueprint("api_element_instances", __name__)


@route(blueprint, "POST", "/element-instances/search", SIGNED_IN)
def search() -> Response:
    """Return the element instances that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "POST", "/element-instances/wait-states/search", SIGNED_IN)
def search_wait_states() -> Response:
    """Return what element instances wait for, one row a reason."""
    return search_answer(wait_states.NOUN)


@route(blueprint, "GET", "/element-instances/<element_instance_key>", SIGNED_IN)
def one(element_instance_key: int) -> Response:
    """Return an element instance."""
    return found(NOUN, element_instance_key)


@route(blueprint, "POST", "/element-instances/<element_instance_key>/incidents/search", SIGNED_IN)
def search_incidents(element_instance_key: int) -> Response:
    """Return the incidents of an element instance, of all inside it and of all it called."""
    require_visible(NOUN, element_instance_key)
    return search_answer(incidents.noun_in(language()), felt_at(element_instance_key))


@route(
    blueprint,
    "PUT",
    "/element-instances/<element_instance_key>/variables",
    UPDATES_INSTANCES,
    command="UPDATE",
)
def set_variables(element_instance_key: int) -> Response:
    """Set variables at a scope: a process instance or an element instance."""
    body = wire.body()
    change_key = usecases.set_variables(
        house(),
        person(),
        element_instance_key,
        body.some_variables(),
        body.flag("local", default=False),
    )
    return when_listeners_have_answered(change_key)


@route(
    blueprint,
    "POST",
    "/element-instances/ad-hoc-activities/<ad_hoc_sub_process_instance_key>/activation",
    UPDATES_INSTANCES,
    command="ACTIVATE",
)
def activate_ad_hoc_activities(ad_hoc_sub_process_instance_key: int) -> Response:
    """Start activities of an ad-hoc sub-process that runs."""
    body = wire.body()
    ad_hoc.activate(
        house(),
        person(),
        ad_hoc_sub_process_instance_key,
        activations(body, "elements"),
        cancel_remaining=body.flag("cancelRemainingInstances", default=False),
    )
    return done()
