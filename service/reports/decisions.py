"""The decisions of a case: inputs, rows that fired, output; and which of them explain its grade."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from service.persistence.tables import instances


@dataclass(frozen=True)
class DecisionRow:
    """One evaluated decision.

    Attributes:
        inputs: `{id, name, value}` in the order of the table.
        matched_rules: `{rule_id, index, description, annotations, outputs}` of the rows that fired.
        output: JSON text, or None.
        failure: Why it came to nothing, or None.
    """

    key: int
    decision_key: int
    decision_id: str
    name: str | None
    version: int
    instance_key: int | None
    element_id: str | None
    evaluated_at: datetime
    inputs: Sequence[Mapping[str, Any]]
    matched_rules: Sequence[Mapping[str, Any]]
    output: str | None
    failure: str | None


def of_tree(connection: Connection, root_key: int) -> tuple[DecisionRow, ...]:
    """Return the decisions of an instance and everything it called, newest first."""
    table, running = instances.decision_instances, instances.process_instances
    members = select(running.c.key).where(running.c.root_key == root_key)
    rows = connection.execute(
        select(table)
        .where(table.c.instance_key.in_(members))
        .order_by(table.c.evaluated_at.desc(), table.c.key.desc())
    )
    return tuple(
        DecisionRow(
            key=row.key,
            decision_key=row.decision_key,
            decision_id=row.decision_id,
            name=row.name,
            version=row.version,
            instance_key=row.instance_key,
            element_id=row.element_id,
            evaluated_at=row.evaluated_at,
            inputs=row.inputs,
            matched_rules=row.matched_rules,
            output=row.output,
            failure=row.failure,
        )
        for row in rows
    )


def explaining(rows: Iterable[DecisionRow], grade: str | None) -> tuple[DecisionRow, ...]:
    """Return the newest decision that gave the grade as one of its outputs; none without a grade."""
    if not grade:
        return ()
    for row in rows:
        if row.output and _holds(orjson.loads(row.output), grade):
            return (row,)
    return ()


def _holds(value: Any, wanted: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(item, wanted) for item in value.values())
    if isinstance(value, list):
        return any(_holds(item, wanted) for item in value)
    return bool(value == wanted)
