"""Batch operations and their items, as `/v2/batch-operations` shows them."""

from typing import Any

from sqlalchemy import Row, and_, case, func, literal, select

from service.domain import batch_operations as words
from service.persistence.tables import batch_operations as tables
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import KEY, KEY_TEXT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.rights import nobody_else
from service.reports.search.wire import key_text, moment_text

table, item = tables.batch_operations, tables.batch_operation_items

BATCH_KINDS = one_of(
    """ADD_VARIABLE CANCEL_PROCESS_INSTANCE DELETE_DECISION_DEFINITION DELETE_DECISION_INSTANCE
    DELETE_PROCESS_DEFINITION DELETE_PROCESS_INSTANCE MIGRATE_PROCESS_INSTANCE
    MODIFY_PROCESS_INSTANCE RESOLVE_INCIDENT RESUME_PROCESS_INSTANCE SUSPEND_PROCESS_INSTANCE
    UPDATE_JOB UPDATE_VARIABLE"""
)
BATCH_STATES = one_of("ACTIVE CANCELED COMPLETED CREATED FAILED PARTIALLY_COMPLETED SUSPENDED")
ITEM_STATES = one_of("ACTIVE CANCELED COMPLETED FAILED SKIPPED")
ACTOR_TYPES = one_of("ANONYMOUS CLIENT UNKNOWN USER").exactly()

_actor_type = case((table.c.is_by_program, "CLIENT"), else_="USER")


def _counted(*states: str) -> Any:
    """Return how many items of a batch operation are in these states; none: all of them."""
    which = item.c.state.in_(states) if states else literal(True)
    query = select(func.count()).where(and_(item.c.batch_key == table.c.key, which))
    return query.correlate(table).scalar_subquery()


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a batch operation as the API's object."""
    failure = {"partitionId": 1, "type": "QUERY_FAILED", "message": row.failure}
    return {
        "batchOperationKey": key_text(row.key),
        "state": row.state,
        "batchOperationType": row.kind,
        "startDate": moment_text(row.started_at),
        "endDate": moment_text(row.ended_at),
        "actorType": row.actor_type,
        "actorId": row.created_by,
        "operationsTotalCount": row.total,
        "operationsFailedCount": row.failed,
        "operationsCompletedCount": row.completed,
        "errors": [failure] if row.failure else [],
    }


NOUN = Noun(
    name="batch operation",
    source=table,
    columns=(
        *table.c,
        _actor_type.label("actor_type"),
        _counted().label("total"),
        _counted(words.FAILED).label("failed"),
        _counted(words.COMPLETED).label("completed"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            "batchOperationKey": Field(table.c.key, KEY_TEXT),
            "operationType": Field(table.c.kind, BATCH_KINDS),
            "state": Field(table.c.state, BATCH_STATES),
            "actorType": Field(_actor_type, ACTOR_TYPES),
            "actorId": Field(table.c.created_by, TEXT),
        }
    ),
    sorts={
        "batchOperationKey": table.c.key,
        "operationType": table.c.kind,
        "state": table.c.state,
        "startDate": table.c.started_at,
        "endDate": table.c.ended_at,
        "actorType": _actor_type,
        "actorId": table.c.created_by,
    },
    visible=nobody_else,
    show=show,
)


def show_item(row: Row[Any]) -> dict[str, Any]:
    """Return an item as the API's object."""
    return {
        "operationType": row.kind,
        "batchOperationKey": key_text(row.batch_key),
        "itemKey": key_text(row.item_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "state": row.state,
        "processedDate": moment_text(row.processed_at),
        "errorMessage": row.error["detail"] if row.error else None,
    }


ITEM = Noun(
    name="batch operation item",
    source=item.join(table, table.c.key == item.c.batch_key),
    columns=(*item.c, table.c.kind),
    key=item.c.key,
    filters=Filters(
        {
            "batchOperationKey": Field(item.c.batch_key, KEY_TEXT),
            "itemKey": Field(item.c.item_key, KEY),
            "processInstanceKey": Field(item.c.instance_key, KEY),
            "state": Field(item.c.state, ITEM_STATES),
            "operationType": Field(table.c.kind, BATCH_KINDS),
        }
    ),
    sorts={
        "batchOperationKey": item.c.batch_key,
        "itemKey": item.c.item_key,
        "processInstanceKey": item.c.instance_key,
        "processedDate": item.c.processed_at,
        "state": item.c.state,
    },
    visible=nobody_else,
    show=show_item,
)
