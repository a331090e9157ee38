"""What a migration would do, as JSON: the answer to a dry run, our own."""

from typing import Any

from service.api.errors import status_of
from service.api.languages import language
from service.api.sentences import sentence
from service.reports.search.wire import key_text, moment_text
from service.usecases.migration import Forecast


def show(told: Forecast) -> dict[str, Any]:
    """Return a forecast of one instance as JSON.

    `refusal` is null, or the problem that the migration would answer with; the lists say what would be
    moved (`state`: ACTIVE, INCIDENT, JOINING), kept, closed and opened.
    """
    return {
        "processInstanceKey": key_text(told.instance_key),
        "refusal": _refusal(told),
        "elements": _elements(told),
        "keptSubscriptions": _kept(told),
        "closedSubscriptions": _closed(told),
        "openedSubscriptions": _opened(told),
    }


def _refusal(told: Forecast) -> dict[str, Any] | None:
    error = told.refusal
    if error is None:
        return None
    return {
        "title": error.code,
        "status": status_of(error),
        "detail": sentence(error, language()),
        "reason": error.facts.get("reason"),
        "elementId": error.facts.get("element_id"),
    }


def _elements(told: Forecast) -> list[dict[str, Any]]:
    return [
        {
            "elementInstanceKey": key_text(one.element_instance_key),
            "type": one.element_type,
            "sourceElementId": one.from_id,
            "targetElementId": one.to_id,
            "targetElementName": one.to_name,
            "state": one.state,
        }
        for one in (told.migrated.elements if told.migrated else ())
    ]


def _kept(told: Forecast) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "sourceElementId": one.from_id,
            "targetElementId": one.to_id,
            "dueDate": one.due,
        }
        for one in (told.migrated.kept if told.migrated else ())
    ]


def _closed(told: Forecast) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "sourceElementId": one.event_id}
        for one in (told.migrated.closed if told.migrated else ())
    ]


def _opened(told: Forecast) -> list[dict[str, Any]]:
    timers = [
        {"kind": "timer", "targetElementId": one.element_id, "dueDate": moment_text(one.due_at)}
        for one in told.timers
    ]
    messages = [
        {"kind": "message", "targetElementId": one.element_id, "dueDate": None}
        for one in told.subscriptions
    ]
    return timers + messages
