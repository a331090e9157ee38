"""What the history tells of definitions that come and go: one event for each.

Source: Camunda 8's audit log (`ProcessAuditLogTransformer` and its neighbours).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table

from service.persistence.tables import definitions as tables
from service.persistence.unit import Unit

_NAMED: Mapping[Table, Mapping[str, str]] = MappingProxyType(
    {
        tables.process_definitions: {"process_key": "key", "process_id": "process_id"},
        tables.decision_requirements: {
            "requirements_key": "key",
            "requirements_id": "requirements_id",
        },
        tables.decision_definitions: {
            "decision_key": "key",
            "decision_id": "decision_id",
            "requirements_key": "requirements_key",
        },
        tables.forms: {"form_key": "key"},
        tables.generic_resources: {"resource_key": "key"},
    }
)
"""Table -> what an event names of a row, by column."""


def record_deployed(unit: Unit, who: str, table: Table, row: Mapping[str, Any]) -> None:
    """Tell of a version that has come."""
    if table is tables.decision_definitions:
        unit.record("decision.deployed", who=who, detail=_detail(table, row))
    else:
        unit.record("resource.deployed", who=who, detail=_detail(table, row))


def record_deleted(
    unit: Unit, who: str, table: Table, row: Mapping[str, Any], *, has_history: bool
) -> None:
    """Tell of a version that was deleted, with what it left behind or without."""
    detail = {**_detail(table, row), "with_history": has_history}
    if table is tables.decision_definitions:
        unit.record("decision.undeployed", who=who, detail=detail)
    else:
        unit.record("resource.deleted", who=who, detail=detail)


def _detail(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    name = row["name"] if table is tables.decision_definitions else row["resource_name"]
    return {
        "definition_key": str(row["key"]),
        "deployment_key": str(row["deployment_key"]),
        "kind": table.name,
        "name": name,
        "version": row["version"],
        **{fact: str(row[column]) for fact, column in _NAMED[table].items()},
    }
