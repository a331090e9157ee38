"""Task listeners that hold for all processes."""

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, answer, done, route
from service.domain.errors import BadInputError
from service.domain.global_listeners import DEFAULT_PRIORITY, DEFAULT_RETRIES, GlobalListener
from service.reports.search.global_listeners import EVENT_TYPES, NOUN, show
from service.reports.search.kinds import refused
from service.usecases import global_listeners

blueprint = Blueprint("api_global_listeners", __name__)

_ONE = "/global-task-listeners/<listener_id>"
_IDS = {"listener_id": "id"}
_LARGEST = (1 << 31) - 1


@route(blueprint, "POST", "/global-task-listeners", SIGNED_IN, command="CREATE")
def create() -> Response:
    """Make a listener."""
    listener_id = wire.body().identifier("id")
    listener = _listener(listener_id)
    global_listeners.make(house(), person(), listener)
    return answer(show(listener), 201)


@route(blueprint, "POST", "/global-task-listeners/search", SIGNED_IN)
def search() -> Response:
    """Return the listeners that the body asks for and the person may see."""
    return search_answer(NOUN)


@route(blueprint, "GET", _ONE, SIGNED_IN, ids=_IDS)
def one(listener_id: str) -> Response:
    """Return a listener."""
    return found(NOUN, listener_id)


@route(blueprint, "PUT", _ONE, SIGNED_IN, command="UPDATE", ids=_IDS)
def update(listener_id: str) -> Response:
    """Put a listener in the place of another."""
    listener = _listener(listener_id)
    global_listeners.change(house(), person(), listener)
    return answer(show(listener))


@route(blueprint, "DELETE", _ONE, SIGNED_IN, command="DELETE", ids=_IDS)
def delete(listener_id: str) -> Response:
    """Remove a listener."""
    global_listeners.remove(house(), person(), listener_id)
    return done()


def _listener(listener_id: str) -> GlobalListener:
    body = wire.body()
    given = body.texts("eventTypes")
    if not given:
        raise BadInputError("Expected 'eventTypes' to hold a value.", field="eventTypes")
    events = [EVENT_TYPES.value(one, f"eventTypes[{i}]") for i, one in enumerate(given)]
    retries = body.integer("retries", DEFAULT_RETRIES, 1)
    priority = body.integer("priority", DEFAULT_PRIORITY)
    for name, number in (("retries", retries), ("priority", priority)):
        if abs(number) > _LARGEST:
            raise refused(name, "an integer of 32 bits", number)
    return GlobalListener(
        id=listener_id,
        type=body.identifier("type"),
        event_types=tuple(dict.fromkeys(events)),
        retries=retries,
        after_non_global=body.flag("afterNonGlobal", False),
        priority=priority,
    )
