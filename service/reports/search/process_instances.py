"""Process instances, as `/v2/process-instances` shows them."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, exists, literal, or_, select

from service.domain.errors import BadInputError
from service.persistence.tables import batch_operations, instances
from service.persistence.tables.definitions import process_definitions as definition
from service.reports.search import reach
from service.reports.search.conditions import Condition, Field, Filters, Joint, Special
from service.reports.search.incident_paths import is_felt_at_element, is_felt_at_instance
from service.reports.search.incidents import HASHES
from service.reports.search.kinds import FLAG, INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.related import (
    LIKED_KEY,
    KeyText,
    contains_phrase,
    has_all_tags,
    has_variables,
)
from service.reports.search.rights import may_see_instance
from service.reports.search.windows import INSTANCES
from service.reports.search.wire import TENANT, key_text, moment_text

table = instances.process_instances
_element, _incident, _job = (
    instances.element_instances,
    instances.incidents,
    instances.jobs,
)

INSTANCE_STATES = one_of("ACTIVE COMPLETED SUSPENDED TERMINATED")
ELEMENT_STATES = one_of("ACTIVE COMPLETED TERMINATED")

_item = batch_operations.batch_operation_items


_has_incident = is_felt_at_instance(table.c.key)


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a process instance as the API's object."""
    return {
        "processDefinitionId": row.process_id,
        "processDefinitionName": row.definition_name,
        "processDefinitionVersion": row.version,
        "processDefinitionVersionTag": row.version_tag,
        "startDate": moment_text(row.started_at),
        "endDate": moment_text(row.ended_at),
        "state": row.state,
        "suspendedDate": moment_text(row.suspended_at),
        "hasIncident": row.feels_incident,
        "tenantId": TENANT,
        "processInstanceKey": key_text(row.key),
        "processDefinitionKey": key_text(row.process_key),
        "parentProcessInstanceKey": key_text(row.parent_instance_key),
        "parentElementInstanceKey": key_text(row.parent_element_instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "tags": row.tags,
        "businessId": row.business_id,
    }


class _Hash(Field):
    """The number that stands for a message, in any language."""

    def _compare(self, operator: str, given: Any, path: str) -> Condition:
        each = [Field(column, self.kind)._compare(operator, given, path) for column in HASHES]
        return and_(*each) if operator == "$neq" else or_(*each)


def _has_retries_left(given: Any, path: str) -> Condition:
    failed = exists(
        select(literal(1)).where(
            _job.c.instance_key == table.c.key,
            _job.c.state == "FAILED",
            _job.c.retries > 0,
        )
    )
    return failed if FLAG.value(given, path) else ~failed


def _of_element(element: FromClause, has_incident: ColumnElement[bool]) -> dict[str, Field]:
    return {
        "elementId": Field(element.c.element_id, TEXT),
        "elementInstanceState": Field(element.c.state, ELEMENT_STATES),
        "hasElementInstanceIncident": Field(has_incident, FLAG),
    }


_FILTERS = Filters(
    {
        "processDefinitionId": Field(table.c.process_id, TEXT),
        "processDefinitionName": Field(definition.c.name, TEXT),
        "processDefinitionVersion": Field(table.c.version, INTEGER),
        "processDefinitionVersionTag": Field(definition.c.version_tag, TEXT),
        "processDefinitionKey": Field(table.c.process_key, KEY),
        "startDate": Field(table.c.started_at, MOMENT),
        "endDate": Field(table.c.ended_at, MOMENT),
        "state": Field(table.c.state, INSTANCE_STATES),
        "hasIncident": Field(_has_incident, FLAG),
        "suspendedDate": Field(table.c.suspended_at, MOMENT),
        "tenantId": Field(literal(TENANT), TEXT),
        "variables": has_variables(lambda variable: variable.c.instance_key == table.c.key),
        "processInstanceKey": Field(table.c.key, KEY),
        "parentProcessInstanceKey": Field(table.c.parent_instance_key, KEY),
        "parentElementInstanceKey": Field(table.c.parent_element_instance_key, KEY),
        "hasRetriesLeft": Special(_has_retries_left, FLAG),
        "tags": has_all_tags(table.c.tags),
        "businessId": Field(table.c.business_id, TEXT),
    },
    joints=(
        Joint(
            _of_element(_element, is_felt_at_element(_element.c.key)),
            lambda fits: exists(
                select(literal(1)).where(_element.c.instance_key == table.c.key, fits)
            ),
        ),
        Joint(
            {
                "batchOperationId": KeyText(_item.c.batch_key, LIKED_KEY),
                "batchOperationKey": KeyText(_item.c.batch_key, LIKED_KEY),
            },
            lambda fits: exists(
                select(literal(1)).where(_item.c.instance_key == table.c.key, fits)
            ),
        ),
        Joint(
            {
                "errorMessage": contains_phrase(
                    _incident.c.message, _incident.c.english, _incident.c.traditional
                ),
                "incidentErrorHashCode": _Hash(_incident.c.message_hash, INTEGER),
            },
            lambda fits: exists(
                select(literal(1)).where(
                    _incident.c.instance_key == table.c.key,
                    _incident.c.state == "ACTIVE",
                    fits,
                )
            ),
        ),
    ),
    takes_or=True,
)


class _InstanceFilters(Filters):
    def conditions(self, given: Any, path: str = "filter") -> list[Condition]:
        """Return the conditions; both names of a batch operation at once are refused."""
        if isinstance(given, dict) and None not in (
            given.get("batchOperationId"),
            given.get("batchOperationKey"),
        ):
            raise BadInputError(
                f"Expected only one of '{path}.batchOperationId' and '{path}.batchOperationKey'.",
                field=f"{path}.batchOperationId",
            )
        return super().conditions(given, path)


def filters_of(element: FromClause, has_incident: ColumnElement[bool]) -> Filters:
    """Return the filters of instances joined with their elements: those of elements speak of the joined row."""
    fields = {**_FILTERS.fields, **_of_element(element, has_incident)}
    return _InstanceFilters(fields, _FILTERS.joints[1:], takes_or=True)


NOUN = Noun(
    name="process instance",
    source=table.outerjoin(definition, definition.c.key == table.c.process_key),
    columns=(
        *(column for column in table.c if column.name != "engine_state"),
        definition.c.name.label("definition_name"),
        definition.c.version_tag,
        _has_incident.label("feels_incident"),
    ),
    key=table.c.key,
    filters=_InstanceFilters(_FILTERS.fields, _FILTERS.joints, takes_or=True),
    sorts={
        "businessId": table.c.business_id,
        "endDate": table.c.ended_at,
        "hasIncident": _has_incident,
        "parentElementInstanceKey": table.c.parent_element_instance_key,
        "parentProcessInstanceKey": table.c.parent_instance_key,
        "processDefinitionId": table.c.process_id,
        "processDefinitionKey": table.c.process_key,
        "processDefinitionName": definition.c.name,
        "processDefinitionVersion": table.c.version,
        "processDefinitionVersionTag": definition.c.version_tag,
        "processInstanceKey": table.c.key,
        "startDate": table.c.started_at,
        "state": table.c.state,
        "suspendedDate": table.c.suspended_at,
        "tenantId": literal(TENANT),
    },
    visible=may_see_instance,
    show=show,
    window=INSTANCES,
    reach=reach.INSTANCES,
)
