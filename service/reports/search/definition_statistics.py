"""Counts by process definition: running instances, open message subscriptions, names of variables."""

from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal_column, select

from service.identity import Person
from service.persistence.tables import definitions, instances
from service.reports.search import message_subscriptions
from service.reports.search.conditions import Field, Filters
from service.reports.search.counted import counted
from service.reports.search.incident_paths import is_felt_at_instance
from service.reports.search.kinds import TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import may_see_instance
from service.reports.search.subscription_rows import ROWS
from service.reports.search.wire import TENANT, key_text

_definition, _instance = definitions.process_definitions, instances.process_instances
_variable = instances.variables
_IS_ACTIVE = _instance.c.state == literal_column("'ACTIVE'")
"""As the index says it: a bound value would not do."""


def by_process(person: Person) -> Noun:
    """Return the noun of running instances by process, over all its versions."""
    versions = (
        select(_definition.c.process_id, func.count().label("versions"))
        .where(_definition.c.state != "DELETED")
        .group_by(_definition.c.process_id)
        .subquery()
    )
    latest = _definition.alias()
    query = (
        select(
            latest.c.process_id,
            latest.c.name,
            versions.c.versions,
            *_counts(_instance.c.process_id),
        )
        .select_from(
            latest.join(versions, versions.c.process_id == latest.c.process_id).outerjoin(
                _instance,
                (_instance.c.process_id == latest.c.process_id)
                & _IS_ACTIVE
                & may_see_instance(person),
            )
        )
        .where(latest.c.is_latest)
        .group_by(latest.c.process_id, latest.c.name, versions.c.versions)
    )
    return counted(
        "process",
        query,
        "process_id",
        lambda row: {
            "processDefinitionId": row.process_id,
            "tenantId": TENANT,
            "latestProcessDefinitionName": row.name,
            "hasMultipleVersions": row.versions > 1,
            **_shown(row),
        },
        PROCESS_SORTS,
    )


def by_version(person: Person, process_id: str) -> Noun:
    """Return the noun of running instances of a process by version."""
    query = (
        select(
            _definition.c.key,
            _definition.c.process_id,
            _definition.c.name,
            _definition.c.version,
            *_counts(_instance.c.key),
        )
        .select_from(
            _definition.outerjoin(
                _instance,
                (_instance.c.process_id == process_id)
                & (_instance.c.process_key == _definition.c.key)
                & _IS_ACTIVE
                & may_see_instance(person),
            )
        )
        .where(_definition.c.process_id == process_id)
        .group_by(
            _definition.c.key, _definition.c.process_id, _definition.c.name, _definition.c.version
        )
    )
    return counted(
        "version of a process",
        query,
        "key",
        lambda row: {
            "processDefinitionId": row.process_id,
            "processDefinitionKey": key_text(row.key),
            "processDefinitionName": row.name,
            "tenantId": TENANT,
            "processDefinitionVersion": row.version,
            **_shown(row),
        },
        VERSION_SORTS,
    )


def by_subscriptions(person: Person, filters: Any) -> Noun:
    """Return the noun of open message subscriptions by definition; the filter is that of their search.

    Raises:
        BadInputError: The filter; the text names the field.
    """
    noun = message_subscriptions.NOUN
    row = ROWS.c
    query = (
        select(
            row.process_key,
            row.process_id,
            func.count(func.distinct(row.instance_key)).label("instances"),
            func.count().label("subscriptions"),
        )
        .select_from(noun.source)
        .where(noun.visible(person), *noun.filters.conditions(filters), row.is_waiting)
        .group_by(row.process_key, row.process_id)
    )
    return counted(
        "process definition that waits",
        query,
        "process_key",
        lambda row: {
            "processDefinitionId": row.process_id,
            "tenantId": TENANT,
            "processDefinitionKey": key_text(row.process_key),
            "processInstancesWithActiveSubscriptions": row.instances,
            "activeSubscriptions": row.subscriptions,
        },
    )


def variable_names(person: Person, process_key: int, filters: Any) -> Noun:
    """Return the noun of the names of variables that instances of a definition have, each once.

    Raises:
        BadInputError: The filter; the text names the field.
    """
    name = Filters({"name": Field(_variable.c.name, TEXT)})
    query = (
        select(_variable.c.name)
        .select_from(_variable.join(_instance, _instance.c.key == _variable.c.instance_key))
        .where(
            _instance.c.process_key == process_key,
            may_see_instance(person),
            *name.conditions(filters),
        )
        .distinct()
    )
    return counted("variable name", query, "name", lambda row: {"name": row.name})


_COUNT_SORTS = {
    "activeInstancesWithIncidentCount": "with_incident",
    "activeInstancesWithoutIncidentCount": "without_incident",
}
PROCESS_SORTS = {"processDefinitionId": "process_id", **_COUNT_SORTS}
VERSION_SORTS = {
    "processDefinitionId": "process_id",
    "processDefinitionKey": "key",
    "processDefinitionName": "name",
    "processDefinitionVersion": "version",
    **_COUNT_SORTS,
}
"""Sort field -> label."""


def _counts(is_there: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    has = is_felt_at_instance(_instance.c.key)
    return [
        func.count(case((is_there.is_not(None) & has, 1))).label("with_incident"),
        func.count(case((is_there.is_not(None) & ~has, 1))).label("without_incident"),
    ]


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "activeInstancesWithoutIncidentCount": row.without_incident,
        "activeInstancesWithIncidentCount": row.with_incident,
    }
