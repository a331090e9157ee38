"""Decision definitions and the requirements they stand in, as `/v2` shows them."""

from typing import Any

from sqlalchemy import Row, exists, literal, or_

from service.identity import Person
from service.persistence.tables import instances
from service.persistence.tables.definitions import decision_definitions as table
from service.persistence.tables.definitions import decision_requirements as requirements
from service.reports.search.conditions import Condition, Field, Filters, only_if
from service.reports.search.kinds import INTEGER, KEY, TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import everybody
from service.reports.search.wire import TENANT, key_text


def show(row: Row[Any]) -> dict[str, Any]:
    """Return a decision definition as the API's object; what has no name is called by its id."""
    return {
        "decisionDefinitionId": row.decision_id,
        "decisionDefinitionKey": key_text(row.key),
        "decisionRequirementsId": row.requirements_id,
        "decisionRequirementsKey": key_text(row.requirements_key),
        "decisionRequirementsName": row.requirements_name or row.requirements_id,
        "decisionRequirementsVersion": row.requirements_version,
        "name": row.name or row.decision_id,
        "tenantId": TENANT,
        "version": row.version,
    }


def show_requirements(row: Row[Any]) -> dict[str, Any]:
    """Return decision requirements as the API's object."""
    return {
        "decisionRequirementsId": row.requirements_id,
        "decisionRequirementsKey": key_text(row.key),
        "decisionRequirementsName": row.name or row.requirements_id,
        "resourceName": row.resource_name,
        "tenantId": TENANT,
        "version": row.version,
    }


def _is_shown(person: Person) -> Condition:
    """A deleted one is shown, as its history is, until that has gone, too."""
    decided = instances.decision_instances
    has_history = exists().where(decided.c.decision_key == table.c.key)
    is_left = or_(table.c.state != "DELETED", requirements.c.purged_by.is_(None), has_history)
    return everybody(person) & is_left


def _are_shown(person: Person) -> Condition:
    decided = instances.decision_instances
    has_history = exists().where(
        decided.c.decision_key == table.c.key, table.c.requirements_key == requirements.c.key
    )
    is_left = or_(
        requirements.c.state != "DELETED", requirements.c.purged_by.is_(None), has_history
    )
    return everybody(person) & is_left


NOUN = Noun(
    name="decision definition",
    source=table.join(requirements, requirements.c.key == table.c.requirements_key),
    columns=(
        *table.c,
        requirements.c.requirements_id,
        requirements.c.name.label("requirements_name"),
        requirements.c.version.label("requirements_version"),
    ),
    key=table.c.key,
    filters=Filters(
        {
            "decisionDefinitionId": Field(table.c.decision_id, TEXT.exactly()),
            "name": Field(table.c.name, TEXT.exactly()),
            "isLatestVersion": only_if(table.c.is_latest),
            "version": Field(table.c.version, INTEGER.exactly()),
            "decisionRequirementsId": Field(requirements.c.requirements_id, TEXT.exactly()),
            "tenantId": Field(literal(TENANT), TEXT.exactly()),
            "decisionDefinitionKey": Field(table.c.key, KEY.exactly()),
            "decisionRequirementsKey": Field(table.c.requirements_key, KEY.exactly()),
            "decisionRequirementsName": Field(requirements.c.name, TEXT.exactly()),
            "decisionRequirementsVersion": Field(requirements.c.version, INTEGER.exactly()),
        }
    ),
    sorts={
        "decisionDefinitionId": table.c.decision_id,
        "decisionDefinitionKey": table.c.key,
        "decisionRequirementsId": requirements.c.requirements_id,
        "decisionRequirementsKey": table.c.requirements_key,
        "decisionRequirementsName": requirements.c.name,
        "decisionRequirementsVersion": requirements.c.version,
        "name": table.c.name,
        "tenantId": literal(TENANT),
        "version": table.c.version,
    },
    visible=_is_shown,
    show=show,
)

REQUIREMENTS_NOUN = Noun(
    name="decision requirements",
    source=requirements,
    columns=tuple(requirements.c),
    key=requirements.c.key,
    filters=Filters(
        {
            "decisionRequirementsName": Field(requirements.c.name, TEXT.exactly()),
            "decisionRequirementsId": Field(requirements.c.requirements_id, TEXT.exactly()),
            "decisionRequirementsKey": Field(requirements.c.key, KEY.exactly()),
            "version": Field(requirements.c.version, INTEGER.exactly()),
            "tenantId": Field(literal(TENANT), TEXT.exactly()),
            "resourceName": Field(requirements.c.resource_name, TEXT.exactly()),
        }
    ),
    sorts={
        "decisionRequirementsId": requirements.c.requirements_id,
        "decisionRequirementsKey": requirements.c.key,
        "decisionRequirementsName": requirements.c.name,
        "tenantId": literal(TENANT),
        "version": requirements.c.version,
    },
    visible=_are_shown,
    show=show_requirements,
)
