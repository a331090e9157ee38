"""The decisions of a case: inputs, rows that fired, output; and which of them explain its grade."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from service.persistence.json_values import json_value
from service.persistence.tables import instances


@dataclass(frozen=True)
class DecisionRow:
    """One evaluated decision.

    Attributes:
        inputs: `{id, name, value}` in the order of the table.
        matched_rules: `{rule_id, index, description, annotations, outputs}` of the rows that fired.
        cells: For each input a text with a sign for each row of the table: `1` met, `0` not met, `?`
            null, `.` not asked. Empty where there is no table, or none was kept.
        notes: `{kind, chinese, english}` of what was noticed, of the decision that was asked for.
        output: JSON text, or None.
        failure: Why it came to nothing, or None. In English and Traditional Chinese where it was kept.
    """

    key: int
    evaluation_key: int
    decision_key: int
    decision_id: str
    name: str | None
    version: int
    instance_key: int | None
    element_id: str | None
    evaluated_at: datetime
    inputs: Sequence[Mapping[str, Any]]
    matched_rules: Sequence[Mapping[str, Any]]
    cells: Sequence[str]
    notes: Sequence[Mapping[str, str]]
    output: str | None
    failure: str | None
    failure_english: str | None
    failure_traditional: str | None


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
            evaluation_key=row.evaluation_key,
            decision_key=row.decision_key,
            decision_id=row.decision_id,
            name=row.name,
            version=row.version,
            instance_key=row.instance_key,
            element_id=row.element_id,
            evaluated_at=row.evaluated_at,
            inputs=row.inputs,
            matched_rules=row.matched_rules,
            cells=row.cells or (),
            notes=row.notes or (),
            output=row.output,
            failure=row.failure,
            failure_english=row.failure_english,
            failure_traditional=row.failure_traditional,
        )
        for row in rows
    )


def explaining(rows: Iterable[DecisionRow], grade: str | None) -> tuple[DecisionRow, ...]:
    """Return the newest decision that gave the grade as one of its outputs, and those it required.

    None without a grade.
    """
    known = tuple(rows)
    for row in known:
        if grade and row.output and _holds(json_value(row.output), grade):
            chain = (one for one in known if one.evaluation_key == row.evaluation_key)
            return (row, *(one for one in chain if one.key < row.key))
    return ()


def _holds(value: Any, wanted: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(item, wanted) for item in value.values())
    if isinstance(value, list):
        return any(_holds(item, wanted) for item in value)
    return bool(value == wanted)
