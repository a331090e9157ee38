"""Why a decision came out as it did: its inputs and the rows that fired, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask import url_for
from flask_babel import gettext

from service.reports.decisions import DecisionRow
from service.web.facts import Fact

SHORT_ANNOTATION = 200
"""Annotations longer than this are papers, not words; they are left out."""


@dataclass(frozen=True)
class FiredRule:
    """One row of a decision table that fired: its id and what it says."""

    label: str
    text: str


@dataclass(frozen=True)
class Reason:
    """One evaluated decision, as it is shown."""

    name: str
    version: int
    at: datetime
    url: str
    inputs: Sequence[Fact]
    rules: Sequence[FiredRule]
    output: str
    failure: str | None


def reason(row: DecisionRow) -> Reason:
    """Return how an evaluated decision is shown."""
    return Reason(
        name=row.name or row.decision_id,
        version=row.version,
        at=row.evaluated_at,
        url=url_for("web.processes.decision", key=row.decision_key),
        inputs=[Fact(entry["name"] or entry["id"], told(entry["value"])) for entry in row.inputs],
        rules=[_rule(rule) for rule in row.matched_rules],
        output=told(orjson.loads(row.output)) if row.output else "",
        failure=row.failure,
    )


def told(value: Any) -> str:
    """Return a JSON value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return "、".join(told(item) for item in value)
    if isinstance(value, dict):
        return "；".join(f"{name}：{told(item)}" for name, item in value.items())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _rule(rule: Mapping[str, Any]) -> FiredRule:
    row_id, _space, words = (rule.get("description") or "").partition(" ")
    outputs = "；".join(
        f"{entry['name'] or entry['id']}：{told(entry['value'])}" for entry in rule["outputs"]
    )
    notes = [
        text for _name, text in rule.get("annotations", ()) if 0 < len(text) < SHORT_ANNOTATION
    ]
    parts = [part for part in (words.strip(), outputs, *notes) if part]
    return FiredRule(row_id or rule["rule_id"], " · ".join(parts))
