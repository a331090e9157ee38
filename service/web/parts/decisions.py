"""Why a decision came out as it did: its inputs and the rows that fired, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from service.dmn.tables import DecisionTable, Rule
from service.domain.languages import ENGLISH, TRADITIONAL
from service.reports.case_facts import PLATFORM_LABELS, told
from service.reports.decisions import DecisionRow
from service.reports.labels import FieldLabel, field_labels
from service.reports.people import groups
from service.web.parts.facts import Fact
from service.web.request import current
from service.web.request.session import language
from service.web.words.texts import gettext

RULE_COLUMN = "Rule"
"""Annotation column that holds the catalogue's rule ids (docs/dialect.md §2)."""

SIGNS = ((">=", "≥ "), ("<=", "≤ "), (">", "> "), ("<", "< "), ('"', ""))
"""How a cell of a table is put in words."""


_NOTES = {ENGLISH: "english", TRADITIONAL: "traditional"}
"""What a note is kept under by language; those kept before there was Traditional have none."""


@dataclass(frozen=True)
class FiredRule:
    """One row that fired: its id, its conditions in words, the rules of the catalogue it carries out."""

    label: str
    conditions: str
    refs: str


@dataclass(frozen=True)
class PassedRow:
    """One row that did not count, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Reason:
    """One evaluated decision, as it is shown.

    Attributes:
        passed: The rows that did not count; empty where it was not kept what the cells said.
        notes: What was noticed in the evaluation.
    """

    name: str
    version: int
    at: datetime
    url: str
    inputs: Sequence[Fact]
    rules: Sequence[FiredRule]
    passed: Sequence[PassedRow]
    notes: Sequence[str]
    output: str
    failure: str | None


def reasons(connection: Connection, rows: Iterable[DecisionRow]) -> list[Reason]:
    """Return how evaluated decisions are shown."""
    found = list(rows)
    outputs = [loads(row.output) if row.output else None for row in found]
    labels = output_labels(connection, outputs)
    return [
        _reason(connection, row, output_text(output, labels))
        for row, output in zip(found, outputs, strict=True)
    ]


def output_labels(connection: Connection, outputs: Iterable[Any]) -> dict[str, FieldLabel]:
    """Return what the outputs of decisions are called, where a form or the platform names them.

    Keys of groups among the values are told by the groups' names.
    """
    names = {name for output in outputs if isinstance(output, Mapping) for name in output}
    group_names = {group.key: group.name for group in groups(connection)}
    labels = {
        name: FieldLabel(label, "textfield", group_names)
        for name, label in PLATFORM_LABELS.items()
        if name in names
    }
    return labels | field_labels(connection, sorted(names), ())


def output_text(output: Any, labels: Mapping[str, FieldLabel]) -> str:
    """Return an output in words: what has a name for people, or everything when nothing has one."""
    if not isinstance(output, Mapping):
        return told(output)
    named = {name: value for name, value in output.items() if name in labels}
    if not named:
        return "；".join(told(value) for value in output.values())
    return "；".join(
        f"{labels[name].label}：{told(value, labels[name])}" for name, value in named.items()
    )


def _reason(connection: Connection, row: DecisionRow, output: str) -> Reason:
    table = _table(connection, row)
    return Reason(
        name=row.name or row.decision_id,
        version=row.version,
        at=row.evaluated_at,
        url=url_for(
            "web.processes.decision",
            key=row.decision_key,
            matched=[rule["rule_id"] for rule in row.matched_rules],
        ),
        inputs=[Fact(entry["name"] or entry["id"], told(entry["value"])) for entry in row.inputs],
        rules=[_rule(rule, table) for rule in row.matched_rules],
        passed=_passed(row, table) if table is not None and row.cells else [],
        notes=[note.get(_NOTES.get(language(), ""), note["chinese"]) for note in row.notes],
        output=output,
        failure=_failure(row),
    )


def _failure(row: DecisionRow) -> str | None:
    told = {ENGLISH: row.failure_english, TRADITIONAL: row.failure_traditional}
    return told.get(language()) or row.failure


def _rule(rule: Mapping[str, Any], table: DecisionTable | None) -> FiredRule:
    row_id = (rule.get("description") or "").partition(" ")[0] or rule["rule_id"]
    refs = [text for name, text in rule.get("annotations", ()) if name == RULE_COLUMN]
    return FiredRule(row_id, _conditions(rule, table), gettext("、").join(refs))


def _conditions(rule: Mapping[str, Any], table: DecisionTable | None) -> str:
    """Return the cells of a row that say something, with the names of their columns."""
    row = (
        next((each for each in table.rules if each.id == rule["rule_id"]), None) if table else None
    )
    if table is None or row is None:
        return ""
    if not row.tests:
        return gettext("其余情况")
    return "，".join(
        f"{table.inputs[column].name} {_words(cell.text)}" for column, cell in row.tests
    )


def _passed(row: DecisionRow, table: DecisionTable) -> list[PassedRow]:
    """Return the rows that did not count, with the cells that kept them from it."""
    counting = {rule["rule_id"] for rule in row.matched_rules}
    return [
        PassedRow(rule.description.partition(" ")[0] or rule.id, _why_not(rule, at, row, table))
        for at, rule in enumerate(table.rules)
        if rule.id not in counting
    ]


def _why_not(rule: Rule, at: int, row: DecisionRow, table: DecisionTable) -> str:
    said = [
        (row.cells[column][at : at + 1], f"{table.inputs[column].name} {_words(cell.text)}")
        for column, cell in rule.tests
        if column < len(row.cells)
    ]
    unmet = [condition for sign, condition in said if sign == "0"]
    if unmet:
        return gettext("不满足 %(conditions)s", conditions="，".join(unmet))
    unknown = [condition for sign, condition in said if sign == "?"]
    if unknown:
        return gettext("无法判断 %(conditions)s", conditions="，".join(unknown))
    return gettext("也符合，但另一条规则优先")


def _words(cell: str) -> str:
    for sign, word in SIGNS:
        cell = cell.replace(sign, word)
    cell = cell.replace(",", gettext(" 或 "))
    return " ".join(cell.split())


def _table(connection: Connection, row: DecisionRow) -> DecisionTable | None:
    loaded = current.house().definitions.decision(connection, row.decision_key)
    node = loaded.requirements.nodes.get(row.decision_id)
    logic = getattr(node, "logic", None)
    return logic if isinstance(logic, DecisionTable) else None
