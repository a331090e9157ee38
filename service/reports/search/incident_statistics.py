"""How many running instances have an incident, by its message and by their definition."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select

from service.domain.message_hashes import hash_of
from service.identity import Person
from service.persistence.tables import definitions, instances
from service.reports.search.counted import counted
from service.reports.search.incidents import HASHES, message_in
from service.reports.search.noun import Noun
from service.reports.search.rights import may_see_part_of
from service.reports.search.wire import TENANT, key_text

_incident, _instance = instances.incidents, instances.process_instances
_definition = definitions.process_definitions
_affected = func.count(func.distinct(_incident.c.instance_key)).label("affected")


def by_error(person: Person, language: str) -> Noun:
    """Return the noun of the counts by message, in a language of `domain.languages`."""
    told = message_in(language)
    columns: list[ColumnElement[Any]] = [told.label("message"), _affected]
    query = select(*columns).where(
        _incident.c.state == "ACTIVE", may_see_part_of(person, _incident.c.instance_key)
    )
    return counted(
        "incident message",
        query.group_by(told),
        "message",
        lambda row: {
            "errorHashCode": hash_of(row.message),
            "errorMessage": row.message,
            "activeInstancesWithErrorCount": row.affected,
        },
        ERROR_SORTS,
    )


def by_definition(person: Person, error_hash: int) -> Noun:
    """Return the noun of the counts by definition, of the messages that have that hash in any language."""
    query = (
        select(
            _definition.c.key,
            _definition.c.process_id,
            _definition.c.name,
            _definition.c.version,
            literal(TENANT).label("tenant_id"),
            _affected,
        )
        .select_from(
            _incident.join(_instance, _instance.c.key == _incident.c.instance_key).join(
                _definition, _definition.c.key == _instance.c.process_key
            )
        )
        .where(
            _incident.c.state == "ACTIVE",
            or_(*(column == error_hash for column in HASHES)),
            may_see_part_of(person, _incident.c.instance_key),
        )
        .group_by(
            _definition.c.key, _definition.c.process_id, _definition.c.name, _definition.c.version
        )
    )
    return counted("process definition with incidents", query, "key", _show, DEFINITION_SORTS)


ERROR_SORTS = {"errorMessage": "message", "activeInstancesWithErrorCount": "affected"}
DEFINITION_SORTS = {
    "activeInstancesWithErrorCount": "affected",
    "processDefinitionKey": "key",
    "tenantId": "tenant_id",
}
"""Sort field -> label."""


def _show(row: Any) -> dict[str, Any]:
    return {
        "processDefinitionId": row.process_id,
        "processDefinitionKey": key_text(row.key),
        "processDefinitionName": row.name or row.process_id,
        "processDefinitionVersion": row.version,
        "tenantId": TENANT,
        "activeInstancesWithErrorCount": row.affected,
    }
