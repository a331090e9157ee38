"""Counts and paths of instances: elements, taken sequence flows, the chain of callers."""

from typing import Any

from sqlalchemy import Connection, case, func, select

from service.identity import Person
from service.persistence.tables import instances
from service.reports.search import process_instances
from service.reports.search.conditions import Condition
from service.reports.search.nouns import row_of
from service.reports.search.wire import TENANT, key_text

_element, _incident = instances.element_instances, instances.incidents
_flow, _instance = instances.taken_flows, instances.process_instances
_DEEPEST = 100


def of_instance(connection: Connection, person: Person, instance_key: int) -> list[dict[str, Any]]:
    """Return, an element each, how many of its instances are active, completed, canceled, in incident.

    Raises:
        NotFoundError: No such instance, or the person may not know that there is.
    """
    row_of(connection, person, process_instances.NOUN, instance_key)
    return _counts(connection, _element.c.instance_key == instance_key)


def of_definition(
    connection: Connection, person: Person, process_key: int, filters: Any
) -> list[dict[str, Any]]:
    """Return the same over all instances of a definition that the person may see and the filter keeps.

    Raises:
        BadInputError: The filter; the text names the field.
    """
    noun = process_instances.NOUN
    chosen = (
        select(_instance.c.key)
        .select_from(noun.source)
        .where(
            _instance.c.process_key == process_key,
            noun.visible(person),
            *noun.filters.conditions(filters),
        )
    )
    return _counts(connection, _element.c.instance_key.in_(chosen))


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

    query = (
        select(
            _element.c.element_id,
            counted(_element.c.state == "ACTIVE").label("active"),
            counted(_element.c.state == "TERMINATED").label("canceled"),
            counted(_incident.c.key.is_not(None)).label("incidents"),
            counted(_element.c.state == "COMPLETED").label("completed"),
        )
        .select_from(
            _element.outerjoin(
                _incident,
                (_incident.c.key == _element.c.incident_key) & (_incident.c.state == "ACTIVE"),
            )
        )
        .where(which)
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
