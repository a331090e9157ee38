"""Message subscriptions and the messages that were correlated, as `/v2` shows them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Integer, Row, Text, and_, cast, func, literal, null, or_

from service.identity import Person
from service.persistence.tables import instances
from service.reports.search.conditions import Condition, Field, Filters
from service.reports.search.kinds import INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.reach import part_of
from service.reports.search.rights import everybody, may_see_part_of
from service.reports.search.subscription_rows import PARTS, ROWS
from service.reports.search.wire import TENANT, key_text, moment_text

_row = ROWS
correlations = instances.message_correlations
_instance = instances.process_instances

_NO_TEXT = cast(null(), Text)
_STATES = one_of("CORRELATED CREATED DELETED MIGRATED")
_TYPES = one_of("PROCESS_EVENT START_EVENT")
_PARTITION = 1


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a subscription as the API's object."""
    return {
        "businessId": row.business_id,
        "messageSubscriptionKey": key_text(row.key),
        "processDefinitionId": row.process_id,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "elementId": row.element_id,
        "elementInstanceKey": key_text(row.element_instance_key),
        "messageSubscriptionState": row.state,
        "lastUpdatedDate": moment_text(row.changed_at),
        "messageName": row.message_name,
        "correlationKey": row.correlation_key,
        "messageSubscriptionType": row.type,
        "toolProperties": {},
        "processDefinitionName": row.definition_name,
        "processDefinitionVersion": row.version,
        "toolName": None,
        "inboundConnectorType": None,
        "tenantId": TENANT,
    }


def show_correlated(row: Row[Any]) -> dict[str, Any]:
    """Return a correlated subscription as the API's object."""
    return {
        "businessId": row.business_id,
        "correlationKey": row.correlation_key,
        "correlationTime": moment_text(row.correlated_at),
        "elementId": row.element_id,
        "elementInstanceKey": key_text(row.element_instance_key),
        "messageKey": key_text(row.message_key),
        "messageName": row.message_name,
        "partitionId": _PARTITION,
        "processDefinitionId": row.process_id,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "subscriptionKey": key_text(row.waited_key),
        "tenantId": TENANT,
    }


_columns = {
    "businessId": (_row.c.business_id, TEXT),
    "correlationKey": (_row.c.correlation_key, TEXT),
    "elementId": (_row.c.element_id, TEXT),
    "elementInstanceKey": (_row.c.element_instance_key, KEY),
    "inboundConnectorType": (_NO_TEXT, TEXT),
    "lastUpdatedDate": (_row.c.changed_at, MOMENT),
    "messageName": (_row.c.message_name, TEXT),
    "messageSubscriptionKey": (_row.c.key, KEY),
    "messageSubscriptionState": (_row.c.state, _STATES),
    "messageSubscriptionType": (_row.c.type, _TYPES),
    "processDefinitionId": (_row.c.process_id, TEXT),
    "processDefinitionName": (_row.c.definition_name, TEXT),
    "processDefinitionVersion": (_row.c.version, INTEGER),
    "processInstanceKey": (_row.c.instance_key, KEY),
    "tenantId": (literal(TENANT), TEXT),
    "toolName": (_NO_TEXT, TEXT),
}

_part_of = part_of(_row.c.instance_key, "elementInstanceKey", "messageSubscriptionKey")


def _or_of_start_event(seen: Condition, person: Person) -> Condition:
    """Return the condition with what starts processes added, which all members of staff may see."""
    return or_(seen, and_(_row.c.instance_key.is_(None), everybody(person)))


NOUN = Noun(
    name="message subscription",
    source=_row,
    columns=tuple(_row.c),
    key=_row.c.key,
    filters=Filters(
        {
            **{name: Field(column, kind) for name, (column, kind) in _columns.items()},
            "processDefinitionKey": Field(_row.c.process_key, KEY),
        }
    ),
    sorts={name: column for name, (column, _kind) in _columns.items()},
    visible=lambda person: _or_of_start_event(may_see_part_of(person, _row.c.instance_key), person),
    reach=replace(
        _part_of, visible=lambda person: _or_of_start_event(_part_of.visible(person), person)
    ),
    parts=PARTS,
    show=show,
)

_waited_key = func.coalesce(correlations.c.subscription_key, correlations.c.key)
"""A start by message has no subscription that waited: its correlation stands for it."""

_correlated = {
    "businessId": (_instance.c.business_id, TEXT),
    "correlationKey": (correlations.c.correlation_key, TEXT),
    "correlationTime": (correlations.c.correlated_at, MOMENT),
    "elementId": (correlations.c.element_id, TEXT),
    "elementInstanceKey": (correlations.c.element_instance_key, KEY),
    "messageKey": (correlations.c.message_key, KEY),
    "messageName": (correlations.c.message_name, TEXT),
    "partitionId": (literal(_PARTITION, Integer), INTEGER),
    "processDefinitionId": (correlations.c.process_id, TEXT),
    "processDefinitionKey": (_instance.c.process_key, KEY),
    "processInstanceKey": (correlations.c.instance_key, KEY),
    "subscriptionKey": (_waited_key, KEY),
    "tenantId": (literal(TENANT), TEXT),
}

CORRELATED_NOUN = Noun(
    name="correlated message subscription",
    source=correlations.join(_instance, _instance.c.key == correlations.c.instance_key),
    columns=(
        *correlations.c,
        _waited_key.label("waited_key"),
        _instance.c.business_id,
        _instance.c.process_key,
        _instance.c.root_key,
    ),
    key=correlations.c.key,
    filters=Filters({name: Field(column, kind) for name, (column, kind) in _correlated.items()}),
    sorts={name: column for name, (column, _kind) in _correlated.items()},
    visible=lambda person: may_see_part_of(person, correlations.c.instance_key),
    reach=part_of(correlations.c.instance_key, "elementInstanceKey"),
    show=show_correlated,
)
