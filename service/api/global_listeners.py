"""Task listeners that hold for all processes."""

from collections.abc import Callable

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house, person
from service.api.reading import found, search_answer
from service.api.routes import SIGNED_IN, answer, done, route
from service.api.violations import require_all
from service.domain.global_listeners import DEFAULT_PRIORITY, DEFAULT_RETRIES, GlobalListener
from service.reports.search.global_listeners import EVENT_TYPES, NOUN, show
from service.reports.search.kinds import missing, refused
from service.usecases import global_listeners

blueprint = Blueprint("api_global_listeners", __name__)

_ONE = "/global-task-listeners/<listener_id>"
_IDS = {"listener_id": "id"}
_LARGEST = (1 << 31) - 1


@route(blueprint, "POST", "/global-task-listeners", SIGNED_IN, command="CREATE")
def create() -> Response:
    """Make a listener."""
    body = wire.body()
    _require_facts(body, lambda: body.identifier("id"))
    listener = _listener(body.identifier("id"))
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
    _require_facts(wire.body())
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
    retries = body.integer("retries", DEFAULT_RETRIES, 1)
    priority = body.integer("priority", DEFAULT_PRIORITY)
    for name, number in (("retries", retries), ("priority", priority)):
        if abs(number) > _LARGEST:
            raise refused(name, "an integer of 32 bits", number)
    return GlobalListener(
        id=listener_id,
        type=body.identifier("type"),
        event_types=_events(body),
        retries=retries,
        after_non_global=body.flag("afterNonGlobal", False),
        priority=priority,
    )


def _require_facts(body: wire.Body, *others: Callable[[], object]) -> None:
    require_all(*others, lambda: body.identifier("type"), lambda: _events(body))


def _events(body: wire.Body) -> tuple[str, ...]:
    given = body.texts("eventTypes")
    if not given:
        raise missing("eventTypes", "a list that is not empty")
    events = (EVENT_TYPES.value(one, f"eventTypes[{i}]") for i, one in enumerate(given))
    return tuple(dict.fromkeys(events))
