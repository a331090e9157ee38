"""Counts and paths of instances: elements, taken sequence flows, the chain of callers."""

from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from service.identity import Person
from service.persistence.tables import instances
from service.reports.search import process_instances
from service.reports.search.conditions import Condition
from service.reports.search.incident_paths import FELT
from service.reports.search.nouns import row_of
from service.reports.search.wire import TENANT, key_text

_element = instances.element_instances.alias()
"""Of this name, so that a filter that asks for others of an instance is not taken to ask for the same."""

_flow, _instance = instances.taken_flows, instances.process_instances
_DEEPEST = 100
_AROUND = ("MULTI_INSTANCE_BODY", "PROCESS")
"""What stands around elements and is none of them.

Source: Camunda 8, `ProcessInstanceStatisticsIT`.
"""

_has_incident = FELT.c.at_key.is_not(None)
_OF_ELEMENTS = process_instances.filters_of(_element, _has_incident)


def of_instance(connection: Connection, person: Person, instance_key: int) -> list[dict[str, Any]]:
    """Return, an element each, how many of its instances are active, completed, canceled, in incident.

    Raises:
        NotFoundError: No such instance, or the person may not know that there is.
    """
    row_of(connection, person, process_instances.NOUN, instance_key)
    return _counts(connection, _instance.c.key == instance_key)


def of_definition(
    connection: Connection, person: Person, process_key: int, filters: Any
) -> list[dict[str, Any]]:
    """Return the same over all instances of a definition that the person may see and the filter keeps.

    Fields of the filter that speak of elements keep these elements, the others all of the instances.

    Raises:
        BadInputError: The filter; the text names the field.
    """
    noun = process_instances.NOUN
    return _counts(
        connection,
        and_(
            _instance.c.process_key == process_key,
            noun.visible(person),
            *_OF_ELEMENTS.conditions(filters),
        ),
    )


def taken_flows(connection: Connection, person: Person, instance_key: int) -> list[dict[str, Any]]:
    """Return the sequence flows an instance has taken, each once, as the API's objects.

    Raises:
        NotFoundError: No such instance, or the person may not know that there is.
    """
    row = row_of(connection, person, process_instances.NOUN, instance_key)
    query = select(_flow.c.flow_id).where(_flow.c.instance_key == instance_key)
    return [
        {
            "sequenceFlowId": f"{instance_key}_{flow_id}",
            "processInstanceKey": key_text(instance_key),
            "rootProcessInstanceKey": key_text(row.root_key),
            "processDefinitionKey": key_text(row.process_key),
            "processDefinitionId": row.process_id,
            "elementId": flow_id,
            "tenantId": TENANT,
        }
        for flow_id in connection.execute(query.order_by(_flow.c.flow_id)).scalars()
    ]


def call_hierarchy(
    connection: Connection, person: Person, instance_key: int
) -> list[dict[str, Any]]:
    """Return the instances that called this one, the outermost first, itself last; none if nobody called it.

    Raises:
        NotFoundError: No such instance, or the person may not know that there is.
    """
    noun = process_instances.NOUN
    chain = [row_of(connection, person, noun, instance_key)]
    while chain[-1].parent_instance_key is not None and len(chain) < _DEEPEST:
        chain.append(row_of(connection, person, noun, chain[-1].parent_instance_key))
    if len(chain) == 1:
        return []
    return [
        {
            "processInstanceKey": key_text(row.key),
            "processDefinitionKey": key_text(row.process_key),
            "processDefinitionName": row.definition_name or row.process_id,
        }
        for row in reversed(chain)
    ]


def _counts(connection: Connection, which: Condition) -> list[dict[str, Any]]:
    def counted(condition: Condition) -> Any:
        return func.count(case((condition, 1)))

    is_active = _element.c.state == "ACTIVE"
    query = (
        select(
            _element.c.element_id,
            counted(and_(is_active, ~_has_incident)).label("active"),
            counted(_element.c.state == "TERMINATED").label("canceled"),
            counted(and_(is_active, _has_incident)).label("incidents"),
            counted(_element.c.state == "COMPLETED").label("completed"),
        )
        .select_from(
            process_instances.NOUN.source.join(
                _element, _element.c.instance_key == _instance.c.key
            ).outerjoin(FELT, FELT.c.at_key == _element.c.key)
        )
        .where(_element.c.type.not_in(_AROUND), which)
        .group_by(_element.c.element_id)
        .order_by(_element.c.element_id)
    )
    return [
        {
            "elementId": row.element_id,
            "active": row.active,
            "canceled": row.canceled,
            "incidents": row.incidents,
            "completed": row.completed,
        }
        for row in connection.execute(query)
    ]
