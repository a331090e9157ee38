"""What a migration would do, as JSON: the answer to a dry run, our own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.api.context import house, person
from service.api.errors import status_of
from service.api.languages import language
from service.api.sentences import sentence
from service.api.wire import Body
from service.domain import batch_operations as words
from service.domain.errors import HuiyinError
from service.reports.search import batch_items
from service.reports.search.kinds import refused
from service.reports.search.wire import key_text, moment_text
from service.usecases import migration
from service.usecases.migration import Forecast, MigrationPlan
from service.usecases.migration_overview import MOST, overview

LARGEST_LIMIT = 200
"""Instances of one page of a dry run: each is tried in a transaction of its own."""

DEFAULT_LIMIT = 100


def page(plan: MigrationPlan, filter_: Mapping[str, Any], asked: Body) -> dict[str, Any]:
    """Return a page of what a migration of many would do to each, oldest first, as JSON.

    The first page has an `overview`: of the instances that were `tried`, the first of all, how many fit and
    how many are refused, by reason. On other pages it is null.

    Args:
        plan: Where to.
        filter_: What finds the instances.
        asked: The page: `limit` (1 to `LARGEST_LIMIT`) and `after`, the `endCursor` of the page before.

    Raises:
        BadInputError: The filter or the page is none.
        NotAllowedError: He is no operator.
    """
    keys = _keys(asked)
    # The first page tells of all, as far as they can be tried: what follows it is read, too.
    read = keys if keys.after else replace(keys, limit=MOST)
    with house().database.reading() as connection:
        found = batch_items.items(connection, person(), words.MIGRATE, filter_, read)
        total = batch_items.count(connection, person(), words.MIGRATE, filter_)
    items, rest = found[: keys.limit], found[keys.limit :]
    told = migration.forecast(house(), person(), [item.key for item in items], plan)
    following = [item.key for item in rest]
    return {
        "items": [show(each) for each in told],
        "overview": None if keys.after else _overview(told, following, plan),
        "page": {
            "totalItems": total,
            "hasMoreTotalItems": False,
            "startCursor": key_text(items[0].key) if items else None,
            "endCursor": key_text(items[-1].key) if items else None,
        },
    }


def _overview(
    told: Sequence[Forecast], following: Sequence[int], plan: MigrationPlan
) -> dict[str, Any]:
    whole = overview(house(), person(), told, following, plan)
    return {
        "tried": whole.tried,
        "fitting": whole.fitting,
        "refused": [{**_problem(one.refusal), "count": one.count} for one in whole.refused],
    }


def _keys(asked: Body) -> batch_items.Keys:
    limit = asked.integer("limit", DEFAULT_LIMIT, least=1)
    if limit > LARGEST_LIMIT:
        raise refused("page.limit", f"an integer of 1 to {LARGEST_LIMIT}", limit)
    return batch_items.Keys(limit, asked.key("after"))


def show(told: Forecast) -> dict[str, Any]:
    """Return a forecast of one instance as JSON.

    `refusal` is null, or the problem that the migration would answer with; the lists say what would be
    moved (`state`: ACTIVE, INCIDENT, JOINING; `becomesUserTask`: its job ends), kept, closed and opened.
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
    return None if told.refusal is None else _problem(told.refusal)


def _problem(error: HuiyinError) -> dict[str, Any]:
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
            "becomesUserTask": one.is_converted,
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
