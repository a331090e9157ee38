"""Element instances, as `/v2/element-instances` shows them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, func, literal, literal_column

from service.persistence.tables import instances
from service.reports.search.conditions import Field, Filters
from service.reports.search.incident_paths import feels, is_felt_at_element
from service.reports.search.kinds import KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.process_instances import ELEMENT_STATES
from service.reports.search.reach import part_of
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text, moment_text

table = instances.element_instances
_instance = instances.process_instances

ELEMENT_TYPES = one_of(
    """AD_HOC_SUB_PROCESS AD_HOC_SUB_PROCESS_INNER_INSTANCE BOUNDARY_EVENT BUSINESS_RULE_TASK
    CALL_ACTIVITY END_EVENT EVENT_BASED_GATEWAY EVENT_SUB_PROCESS EXCLUSIVE_GATEWAY INCLUSIVE_GATEWAY
    INTERMEDIATE_CATCH_EVENT INTERMEDIATE_THROW_EVENT MANUAL_TASK MULTI_INSTANCE_BODY PARALLEL_GATEWAY
    PROCESS RECEIVE_TASK SCRIPT_TASK SEND_TASK SEQUENCE_FLOW SERVICE_TASK START_EVENT SUB_PROCESS TASK
    UNKNOWN UNSPECIFIED USER_TASK"""
)


_shown_name = func.coalesce(func.nullif(table.c.name, ""), table.c.element_id)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return an element instance as the API's object; an unnamed element is called by its id."""
    return {
        "processDefinitionId": row.process_id,
        "startDate": moment_text(row.started_at),
        "endDate": moment_text(row.ended_at),
        "elementId": row.element_id,
        "elementName": row.name or row.element_id,
        "type": row.type,
        "state": row.state,
        "hasIncident": row.has_incident,
        "tenantId": TENANT,
        "elementInstanceKey": key_text(row.key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "processDefinitionKey": key_text(row.process_key),
        "incidentKey": key_text(row.incident_key),
    }


_has_incident = is_felt_at_element(table.c.key)

_is_element = table.c.type != literal_column("'PROCESS'")
"""The row of the process itself is its instance: Camunda 8 lists what is inside."""

_part_of = part_of(table.c.instance_key, "elementInstanceKey", "elementInstanceScopeKey")

NOUN = Noun(
    name="element instance",
    source=table.join(_instance, _instance.c.key == table.c.instance_key),
    columns=(
        *table.c,
        _instance.c.process_id,
        _instance.c.process_key,
        _instance.c.root_key,
        _has_incident.label("has_incident"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            "processDefinitionId": Field(_instance.c.process_id, TEXT.exactly()),
            "state": Field(table.c.state, ELEMENT_STATES),
            "type": Field(table.c.type, ELEMENT_TYPES.exactly()),
            "elementId": Field(table.c.element_id, TEXT),
            "elementName": Field(_shown_name, TEXT),
            "hasIncident": feels(table.c.key),
            "tenantId": Field(literal(TENANT), TEXT.exactly()),
            "elementInstanceKey": Field(table.c.key, KEY.exactly()),
            "processInstanceKey": Field(table.c.instance_key, KEY.exactly()),
            "processDefinitionKey": Field(_instance.c.process_key, KEY.exactly()),
            "incidentKey": Field(table.c.incident_key, KEY.exactly()),
            "startDate": Field(table.c.started_at, MOMENT),
            "endDate": Field(table.c.ended_at, MOMENT),
            "elementInstanceScopeKey": Field(table.c.scope_key, KEY.exactly()),
        },
        takes_or=True,
    ),
    sorts={
        "elementId": table.c.element_id,
        "elementInstanceKey": table.c.key,
        "elementName": _shown_name,
        "endDate": table.c.ended_at,
        "incidentKey": table.c.incident_key,
        "processDefinitionId": _instance.c.process_id,
        "processDefinitionKey": _instance.c.process_key,
        "processInstanceKey": table.c.instance_key,
        "startDate": table.c.started_at,
        "state": table.c.state,
        "tenantId": literal(TENANT),
        "type": table.c.type,
    },
    visible=lambda person: and_(_is_element, may_see_part_of(person, table.c.instance_key)),
    reach=replace(_part_of, visible=lambda person: and_(_is_element, _part_of.visible(person))),
    show=show,
)
