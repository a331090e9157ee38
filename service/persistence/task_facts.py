"""Who has to do with a user task, read from its rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from service.identity import RoundFacts, TaskFacts
from service.persistence.scopes import visible_variables
from service.persistence.tables import house, tasks


def task_facts(
    connection: Connection, row: Row[Any], above: Mapping[str, str] | None = None
) -> TaskFacts:
    """Return the facts that questions of rights need, of one row of `user_tasks`.

    Args:
        connection: Where to read.
        row: The task.
        above: The group above each group, where the caller knows it; None: read it.
    """
    groups = frozenset(row.candidate_groups)
    return TaskFacts(
        key=str(row.key),
        assignee=row.assignee,
        candidate_groups=groups,
        candidate_users=frozenset(row.candidate_users),
        supervisors=_supervisors(connection, row.properties, groups, above),
        round=round_facts(connection, row),
        process_id=row.process_id,
    )


def round_facts(connection: Connection, row: Row[Any]) -> RoundFacts | None:
    """Return who may not sign any more in the countersign round of this task; None outside of one.

    Source: XC-CS-5.
    """
    if row.properties.get("countersign") != "true":
        return None
    table = tasks.user_tasks
    signers = connection.execute(
        select(table.c.completed_by).where(
            table.c.instance_key == row.instance_key,
            table.c.scope_key == row.scope_key,
            table.c.element_id == row.element_id,
            table.c.state == "COMPLETED",
        )
    ).scalars()
    drafter = visible_variables(connection, row.instance_key, row.element_instance_key).get(
        "drafter"
    )
    groups = list(row.candidate_groups)
    return RoundFacts(
        department=groups[0] if len(groups) == 1 else None,
        drafter=drafter if isinstance(drafter, str) else None,
        signers=frozenset(name for name in signers if name),
    )


def _supervisors(
    connection: Connection,
    properties: Mapping[str, str],
    groups: frozenset[str],
    above: Mapping[str, str] | None,
) -> frozenset[str]:
    named = frozenset(
        part.strip() for part in properties.get("supervisors", "").split(",") if part.strip()
    )
    if named or not groups:
        return named
    if above is not None:
        return frozenset(above[key] for key in groups if key in above)
    table = house.groups
    found = connection.execute(select(table.c.supervisor_group).where(table.c.key.in_(groups)))
    return frozenset(key for key in found.scalars() if key)
