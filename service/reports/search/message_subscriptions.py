"""Waiting message subscriptions and the messages that were correlated, as `/v2` shows them.

Subscriptions that are over are not kept: what they received stands among the correlated ones. Message
start events of the latest process versions are not listed.
"""

from typing import Any

from sqlalchemy import Integer, Row, Text, cast, func, literal, null

from service.persistence.tables import instances
from service.persistence.tables.definitions import process_definitions as definition
from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import INTEGER, KEY, MOMENT, TEXT, one_of
from service.reports.search.noun import Noun
from service.reports.search.reach import part_of
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text, moment_text

table = instances.message_subscriptions
correlations = instances.message_correlations
_instance = instances.process_instances

_NO_TEXT = cast(null(), Text)
_STATES = one_of("CORRELATED CREATED DELETED MIGRATED")
_TYPES = one_of("PROCESS_EVENT START_EVENT")
_PARTITION = 1


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a waiting subscription as the API's object."""
    return {
        "businessId": row.business_id,
        "messageSubscriptionKey": key_text(row.key),
        "processDefinitionId": row.process_id,
        "processDefinitionKey": key_text(row.process_key),
        "processInstanceKey": key_text(row.instance_key),
        "rootProcessInstanceKey": key_text(row.root_key),
        "elementId": row.element_id,
        "elementInstanceKey": key_text(row.element_instance_key),
        "messageSubscriptionState": "CREATED",
        "lastUpdatedDate": moment_text(row.opened_at),
        "messageName": row.message_name,
        "correlationKey": row.correlation_key,
        "messageSubscriptionType": "PROCESS_EVENT",
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


_waiting = {
    "businessId": (_instance.c.business_id, TEXT),
    "correlationKey": (table.c.correlation_key, TEXT),
    "elementId": (table.c.element_id, TEXT),
    "elementInstanceKey": (table.c.element_instance_key, KEY),
    "inboundConnectorType": (_NO_TEXT, TEXT),
    "lastUpdatedDate": (table.c.opened_at, MOMENT),
    "messageName": (table.c.message_name, TEXT),
    "messageSubscriptionKey": (table.c.key, KEY),
    "messageSubscriptionState": (literal("CREATED"), _STATES),
    "messageSubscriptionType": (literal("PROCESS_EVENT"), _TYPES),
    "processDefinitionId": (table.c.process_id, TEXT),
    "processDefinitionName": (definition.c.name, TEXT),
    "processDefinitionVersion": (_instance.c.version, INTEGER),
    "processInstanceKey": (table.c.instance_key, KEY),
    "tenantId": (literal(TENANT), TEXT),
    "toolName": (_NO_TEXT, TEXT),
}

NOUN = Noun(
    name="message subscription",
    source=table.join(_instance, _instance.c.key == table.c.instance_key).outerjoin(
        definition, definition.c.key == _instance.c.process_key
    ),
    columns=(
        *table.c,
        _instance.c.business_id,
        _instance.c.process_key,
        _instance.c.root_key,
        _instance.c.version,
        definition.c.name.label("definition_name"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            **{name: Field(column, kind) for name, (column, kind) in _waiting.items()},
            "processDefinitionKey": Field(_instance.c.process_key, KEY),
        }
    ),
    sorts={name: column for name, (column, _kind) in _waiting.items()},
    visible=lambda person: may_see_part_of(person, table.c.instance_key),
    reach=part_of(table.c.instance_key, "elementInstanceKey"),
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
