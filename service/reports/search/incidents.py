"""Incidents, as `/v2/incidents` shows them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select

from service.domain.languages import ENGLISH, TRADITIONAL
from service.persistence.tables import instances
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.reach import part_of
from service.reports.search.related import contains_phrase
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text, moment_text

table = instances.incidents
_instance = instances.process_instances

HASHES = (table.c.message_hash, table.c.english_hash, table.c.traditional_hash)
"""The numbers that stand for a message, by the language it is told in."""

INCIDENT_STATES = one_of("ACTIVE MIGRATED PENDING RESOLVED UNKNOWN")
ERROR_TYPES = one_of(
    """AD_HOC_SUB_PROCESS_NO_RETRIES CALLED_DECISION_ERROR CALLED_ELEMENT_ERROR CONDITION_ERROR
    DECISION_EVALUATION_ERROR EXECUTION_LISTENER_NO_RETRIES EXTRACT_VALUE_ERROR FORM_NOT_FOUND
    IO_MAPPING_ERROR JOB_NO_RETRIES MESSAGE_SIZE_EXCEEDED RESOURCE_NOT_FOUND SECRET_RESOLUTION_ERROR
    TASK_LISTENER_NO_RETRIES UNHANDLED_ERROR_EVENT UNKNOWN UNSPECIFIED"""
)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return an incident as the API's object."""
    return {
        "processDefinitionId": row.process_id,
        "errorType": row.error_type,
        "errorMessage": row.message,
        "elementId": row.element_id,
        "creationTime": moment_text(row.created_at),
        "state": row.state,
        "tenantId": TENANT,
        "incidentKey": key_text(row.key),
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "elementInstanceKey": key_text(row.element_instance_key),
        "jobKey": key_text(row.job_key),
        "storageOrdinal": None,
    }


def message_in(language: str) -> ColumnElement[str]:
    """Return the message in a language of `domain.languages`, or as it was written if only that is there."""
    told = {ENGLISH: table.c.english, TRADITIONAL: table.c.traditional}.get(language)
    return table.c.message if told is None else func.coalesce(told, table.c.message)


def of_instance(instance_key: int) -> Condition:
    """Return the condition for incidents of an instance and of everything it called, at any depth."""
    own = select(_instance.c.key).where(_instance.c.key == instance_key)
    tree = own.cte("tree", recursive=True)
    called = _instance.alias()
    below = select(called.c.key).join(tree, called.c.parent_instance_key == tree.c.key)
    return table.c.instance_key.in_(select(tree.union_all(below).c.key))


NOUN = Noun(
    name="incident",
    source=table.join(_instance, _instance.c.key == table.c.instance_key),
    columns=(
        *table.c,
        _instance.c.process_id,
        _instance.c.process_key,
        _instance.c.root_key,
    ),
    key=table.c.key,
    filters=Filters(
        {
            "processDefinitionId": Field(_instance.c.process_id, TEXT),
            "errorType": Field(table.c.error_type, ERROR_TYPES.with_none_of()),
            "errorMessage": contains_phrase(table.c.message),
            "elementId": Field(table.c.element_id, TEXT),
            "creationTime": Field(table.c.created_at, MOMENT),
            "state": Field(table.c.state, INCIDENT_STATES.with_none_of()),
            "tenantId": Field(literal(TENANT), TEXT),
            "incidentKey": Field(table.c.key, KEY),
            "processDefinitionKey": Field(_instance.c.process_key, KEY),
            "processInstanceKey": Field(table.c.instance_key, KEY),
            "elementInstanceKey": Field(table.c.element_instance_key, KEY),
            "jobKey": Field(table.c.job_key, KEY),
        }
    ),
    sorts={
        "creationTime": table.c.created_at,
        "elementId": table.c.element_id,
        "elementInstanceKey": table.c.element_instance_key,
        "errorType": table.c.error_type,
        "incidentKey": table.c.key,
        "jobKey": table.c.job_key,
        "processDefinitionId": _instance.c.process_id,
        "processDefinitionKey": _instance.c.process_key,
        "processInstanceKey": table.c.instance_key,
        "state": table.c.state,
        "tenantId": literal(TENANT),
    },
    visible=lambda person: may_see_part_of(person, table.c.instance_key),
    reach=part_of(table.c.instance_key, "incidentKey", "elementInstanceKey", "jobKey"),
    show=show,
)


def _told_in(language: str) -> Noun:
    """Return the noun whose messages are shown, and looked for, in a language."""
    told = message_in(language)
    return replace(
        NOUN,
        columns=(*NOUN.columns, told.label("told")),
        filters=Filters({**NOUN.filters.fields, "errorMessage": contains_phrase(told)}),
        show=lambda row: {**show(row), "errorMessage": row.told},
    )


_TOLD = {ENGLISH: _told_in(ENGLISH), TRADITIONAL: _told_in(TRADITIONAL)}


def noun_in(language: str) -> Noun:
    """Return the noun whose messages are in a language, one of `domain.languages`."""
    return _TOLD.get(language, NOUN)
