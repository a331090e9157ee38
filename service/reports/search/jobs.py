"""Jobs, as `/v2/jobs/search` shows them, and whether some wait for a worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, false, literal, select, true

from service.persistence.job_facts import may_be_given
from service.persistence.tables import instances
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.reach import part_of
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text, moment_text

table = instances.jobs
_instance = instances.process_instances

JOB_STATES = one_of(
    """CANCELED COMPLETED CREATED ERROR_THROWN FAILED MIGRATED PRIORITY_UPDATED RETRIES_UPDATED
    TIMED_OUT TIMEOUT_UPDATED"""
)
JOB_KINDS = one_of("AD_HOC_SUB_PROCESS BPMN_ELEMENT EXECUTION_LISTENER TASK_LISTENER")
LISTENER_EVENTS = one_of(
    """ASSIGNING BEFORE_ALL CANCEL CANCELING COMPLETING CREATING END START UNSPECIFIED
    UPDATING"""
)

_shown_state = case((table.c.state == "ACTIVATED", "CREATED"), else_=table.c.state)
"""The API has no state for a job in a worker's hand: such a job is created and has a deadline."""

_FAILED = ("ERROR_THROWN", "FAILED")
_is_failed_with_retries = and_(table.c.state.in_(_FAILED), table.c.retries > 0)
_is_denied = case(
    (table.c.denied_reason.is_not(None), true()), (table.c.state == "COMPLETED", false())
)
"""Nothing is said of a job that has not been completed."""


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a job as the API's object."""
    return {
        "customHeaders": row.headers,
        "deadline": moment_text(row.deadline_at),
        "deniedReason": row.denied_reason,
        "elementId": row.element_id,
        "elementInstanceKey": key_text(row.element_instance_key),
        "endTime": moment_text(row.ended_at),
        "errorCode": row.error_code,
        "errorMessage": row.error_message,
        "hasFailedWithRetriesLeft": row.state in _FAILED and row.retries > 0,
        "isDenied": row.is_denied,
        "jobKey": key_text(row.key),
        "kind": row.kind,
        "listenerEventType": row.listener_event_type,
        "processDefinitionId": row.process_id,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "businessId": row.business_id,
        "retries": row.retries,
        "state": row.shown_state,
        "tenantId": TENANT,
        "type": row.type,
        "worker": row.worker,
        "creationTime": moment_text(row.created_at),
        "lastUpdateTime": moment_text(row.updated_at),
        "priority": row.priority,
    }


def is_waiting(connection: Connection, type_: str, now: datetime, with_lease: bool) -> bool:
    """Return True when a job of that type may be given to a worker that asks for a lease, or for none.

    A cheap look without a lock, for who waits; activation itself asks again.
    """
    query = select(literal(1)).where(may_be_given(now, type_, with_lease))
    return connection.execute(query.limit(1)).first() is not None


_columns = {
    "deadline": (table.c.deadline_at, MOMENT),
    "deniedReason": (table.c.denied_reason, TEXT),
    "elementId": (table.c.element_id, TEXT),
    "elementInstanceKey": (table.c.element_instance_key, KEY),
    "endTime": (table.c.ended_at, MOMENT),
    "errorCode": (table.c.error_code, TEXT),
    "errorMessage": (table.c.error_message, TEXT),
    "hasFailedWithRetriesLeft": (_is_failed_with_retries, FLAG),
    "isDenied": (_is_denied, FLAG),
    "jobKey": (table.c.key, KEY),
    "kind": (table.c.kind, JOB_KINDS),
    "listenerEventType": (table.c.listener_event_type, LISTENER_EVENTS),
    "priority": (table.c.priority, INTEGER),
    "processDefinitionId": (_instance.c.process_id, TEXT),
    "processDefinitionKey": (_instance.c.process_key, KEY),
    "processInstanceKey": (table.c.instance_key, KEY),
    "retries": (table.c.retries, INTEGER),
    "state": (_shown_state, JOB_STATES),
    "tenantId": (literal(TENANT), TEXT),
    "type": (table.c.type, TEXT),
    "worker": (table.c.worker, TEXT),
    "creationTime": (table.c.created_at, MOMENT),
}

NOUN = Noun(
    name="job",
    source=table.join(_instance, _instance.c.key == table.c.instance_key),
    columns=(
        *(column for column in table.c if column.name != "variables"),
        _instance.c.process_id,
        _instance.c.process_key,
        _instance.c.root_key,
        _instance.c.business_id,
        _shown_state.label("shown_state"),
        _is_denied.label("is_denied"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            **{name: Field(column, kind) for name, (column, kind) in _columns.items()},
            "lastUpdateTime": Field(table.c.updated_at, MOMENT),
        }
    ),
    sorts={name: column for name, (column, _kind) in _columns.items()},
    visible=lambda person: may_see_part_of(person, table.c.instance_key),
    reach=part_of(table.c.instance_key, "jobKey", "elementInstanceKey"),
    show=show,
)
