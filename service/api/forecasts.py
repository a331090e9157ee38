"""What a migration would do, as JSON: the answer to a dry run, our own."""

from collections.abc import Mapping
from typing import Any

from service.api.context import house, person
from service.api.errors import status_of
from service.api.languages import language
from service.api.sentences import sentence
from service.api.wire import Body
from service.domain import batch_operations as words
from service.reports.search import batch_items
from service.reports.search.kinds import refused
from service.reports.search.wire import key_text, moment_text
from service.usecases import migration
from service.usecases.migration import Forecast, MigrationPlan

LARGEST_LIMIT = 200
"""Instances of one page of a dry run: each is tried in a transaction of its own."""

DEFAULT_LIMIT = 100


def page(plan: MigrationPlan, filter_: Mapping[str, Any], asked: Body) -> dict[str, Any]:
    """Return a page of what a migration of many would do to each, oldest first, as JSON.

    Args:
        plan: Where to.
        filter_: What finds the instances.
        asked: The page: `limit` (1 to `LARGEST_LIMIT`) and `after`, the `endCursor` of the page before.

    Raises:
        BadInputError: The filter or the page is none.
        NotAllowedError: He is no operator.
    """
    keys = _keys(asked)
    with house().database.reading() as connection:
        items = batch_items.items(connection, person(), words.MIGRATE, filter_, keys)
        total = batch_items.count(connection, person(), words.MIGRATE, filter_)
    told = migration.forecast(house(), person(), [item.key for item in items], plan)
    return {
        "items": [show(each) for each in told],
        "page": {
            "totalItems": total,
            "hasMoreTotalItems": False,
            "startCursor": key_text(items[0].key) if items else None,
            "endCursor": key_text(items[-1].key) if items else None,
        },
    }


def _keys(asked: Body) -> batch_items.Keys:
    limit = asked.integer("limit", DEFAULT_LIMIT, least=1)
    if limit > LARGEST_LIMIT:
        raise refused("page.limit", f"an integer of 1 to {LARGEST_LIMIT}", limit)
    return batch_items.Keys(limit, asked.key("after"))


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
