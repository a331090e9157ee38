"""Decision instances: what was decided, from which inputs, by which rows of which version."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from service import feel
from service.dmn import EvaluatedDecision
from service.engine.values import DecisionEvaluated
from service.persistence.json_values import json_text
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.world import DecisionRecord


def decision_rows(
    unit: Unit, instance: RunningInstance, evaluated: Iterable[DecisionEvaluated], who: str
) -> None:
    """Write the decisions a step called, each with the decisions it required."""
    for called in evaluated:
        record = called.record
        if not isinstance(record, DecisionRecord):
            continue
        rows = rows_of(unit, record, who)
        for row in rows:
            row.update(
                process_key=instance.process.key,
                instance_key=instance.key,
                element_instance_key=called.element_instance_key,
                element_id=called.element_id,
            )
        unit.insert(instances.decision_instances, rows)
        unit.record(
            "decision.evaluated",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            element_id=called.element_id,
            who=who,
            **told_of(record, rows[-1]),
        )


def told_of(record: DecisionRecord, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the history tells of an evaluation; `row` is that of the decision that was asked for."""
    return {
        "after": row["output"],
        "rule_refs": _refs(row["matched_rules"]),
        "detail": {
            "decision_key": str(record.decision.key),
            "decision_id": record.decision.decision_id,
            "version": record.decision.version,
            "evaluation_key": str(row["evaluation_key"]),
            "requirements_key": str(record.decision.requirements_key),
            "requirements_id": record.decision.requirements.id,
            **_at(row["element_instance_key"]),
            "inputs": row["inputs"],
            **_failure(record.outcome.failure_text),
        },
    }


def rows_of(unit: Unit, record: DecisionRecord, who: str) -> list[dict[str, Any]]:
    """Return the rows of one evaluation, the required decisions first, the one asked for last.

    The decision that failed and those that required it have no result: they failed, all for its reason.
    """
    decision, outcome = record.decision, record.outcome
    evaluation_key = unit.new_key()
    known = _keys_of(unit, record)
    rows = []
    is_failed = False
    for position, evaluated in enumerate(outcome.evaluated, start=1):
        is_failed = is_failed or evaluated.decision_id == outcome.failed_decision_id
        at = evaluated.origin, evaluated.decision_id
        is_root = at == (decision.requirements_key, decision.decision_id)
        key, version = known.get(at, (decision.key, decision.version))
        rows.append(
            {
                "key": unit.new_key(),
                "evaluation_key": evaluation_key,
                "position": position,
                "decision_key": key,
                "requirements_key": evaluated.origin,
                "decision_id": evaluated.decision_id,
                "name": evaluated.name,
                "version": version,
                "kind": evaluated.kind,
                "state": "FAILED" if is_failed else "EVALUATED",
                "process_key": None,
                "instance_key": None,
                "element_instance_key": None,
                "element_id": None,
                "evaluated_at": unit.now,
                "evaluated_by": who,
                "inputs": _inputs(evaluated),
                "matched_rules": _matched(evaluated),
                "cells": evaluated.signs(),
                "notes": _notes(record) if is_root else [],
                "output": json_text(feel.to_json(evaluated.output)),
                **_failure(outcome.failure_text if is_failed else None),
                "is_root": is_root,
            }
        )
    return rows


def _at(element_instance_key: int | None) -> dict[str, str]:
    return (
        {} if element_instance_key is None else {"element_instance_key": str(element_instance_key)}
    )


def _failure(text: feel.Text | None) -> dict[str, str | None]:
    """Return why there is no result, in the languages there are."""
    return {
        "failure": None if text is None else text.chinese,
        "failure_english": None if text is None else text.english,
        "failure_traditional": None if text is None else text.traditional,
    }


def _keys_of(unit: Unit, record: DecisionRecord) -> dict[tuple[int, str], tuple[int, int]]:
    """Return key and version of the decisions that the evaluated one required; empty when it is alone.

    Known by the key of their requirements and their id: two files may use the same id.
    """
    if len(record.outcome.evaluated) < 2:
        return {}
    table = definitions.decision_definitions
    rows = unit.before.execute(
        select(table.c.requirements_key, table.c.decision_id, table.c.key, table.c.version).where(
            table.c.requirements_key.in_({one.origin for one in record.outcome.evaluated})
        )
    )
    return {(row.requirements_key, row.decision_id): (row.key, row.version) for row in rows}


def _inputs(evaluated: EvaluatedDecision) -> list[dict[str, Any]]:
    return [
        {"id": entry.id, "name": entry.name, "value": feel.to_json(entry.value)}
        for entry in evaluated.inputs
    ]


def _matched(evaluated: EvaluatedDecision) -> list[dict[str, Any]]:
    return [
        {
            "rule_id": rule.rule_id,
            "index": rule.index,
            "description": rule.description,
            "annotations": [list(pair) for pair in rule.annotations],
            "outputs": [
                {"id": entry.id, "name": entry.name, "value": feel.to_json(entry.value)}
                for entry in rule.outputs
            ],
        }
        for rule in evaluated.matched_rules
    ]


def _notes(record: DecisionRecord) -> list[dict[str, str]]:
    """Return what was noticed in the whole evaluation, in the languages there are."""
    return [
        {
            "kind": note.kind,
            "chinese": note.sentence.chinese,
            "traditional": note.sentence.traditional,
            "english": note.sentence.english,
        }
        for note in record.outcome.diagnostics
    ]


def _refs(matched_rules: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the row ids and the rule ids in the annotations of the rows that fired (XC-DM-5)."""
    refs: list[str] = []
    for rule in matched_rules:
        row_id = rule["description"].split()[0] if rule["description"] else rule["rule_id"]
        refs.append(row_id)
        for name, text in rule["annotations"]:
            if name == "Rule":
                refs.extend(part.strip() for part in text.split(",") if part.strip())
    return tuple(dict.fromkeys(refs))
