"""Why a decision came out as it did: inputs, every cell of every row, the rows that counted, the chain.

`explain` gives values, `explanation_texts` puts them in words.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.dmn.model import Decision, Definitions
from service.dmn.outcome import (
    DecisionOutcome,
    EvaluatedDecision,
    EvaluatedInput,
    MatchedRule,
)
from service.dmn.tables import DecisionTable, Rule
from service.feel import to_json
from service.feel.wording import Text, joined, verbatim


class ExplainedCell(NamedTuple):
    """A cell that says something.

    Attributes:
        text: As written.
        says: `1` (met), `0` (not met), `?` (null) or `.` (not asked).
    """

    column: str
    text: str
    says: str


class ExplainedRow(NamedTuple):
    """A row of a table.

    Attributes:
        position: From 1.
        rule: As it stands in the table.
        counts: Whether it gave the output, or contradicts another that did.
        written: Of each cell its column, the column's name and its text.
        signs: What every cell of the table said, a text a column.
    """

    position: int
    rule: Rule
    counts: bool
    written: tuple[tuple[int, str, str], ...]
    signs: Sequence[str]

    @property
    def cells(self) -> list[ExplainedCell]:
        """The cells that say something; none is a row that anything meets."""
        row, signs = self.position - 1, self.signs
        return [ExplainedCell(name, text, signs[at][row]) for at, name, text in self.written]

    @property
    def matches(self) -> bool:
        """Whether every cell is met."""
        return all(cell.says == "1" for cell in self.cells)


@dataclass(frozen=True)
class Explanation:
    """One decision.

    Attributes:
        rows: Of a table, all of them.
        matched_rules: Of a table, those that counted, with annotations and outputs.
        failure: Why it has no output, or None; only of the decision that failed.
    """

    decision_id: str
    name: str
    kind: str
    hit_policy: str | None
    inputs: tuple[EvaluatedInput, ...]
    rows: tuple[ExplainedRow, ...]
    matched_rules: tuple[MatchedRule, ...]
    output: Any
    failure: Text | None = None


def explain(definitions: Definitions, outcome: DecisionOutcome) -> tuple[Explanation, ...]:
    """Return why every decision that was evaluated came out as it did, required ones first."""
    return tuple(
        Explanation(
            one.decision_id,
            one.name,
            one.kind,
            one.hit_policy,
            one.inputs,
            tuple(_rows(_table_of(definitions, one), one)),
            one.matched_rules,
            one.output,
            outcome.failure_text if one.decision_id == outcome.failed_decision_id else None,
        )
        for one in outcome.evaluated
    )


def _table_of(definitions: Definitions, one: EvaluatedDecision) -> DecisionTable | None:
    if (definitions.namespace, definitions.origin) == (one.namespace, one.origin):
        node = definitions.nodes.get(one.decision_id)
        logic = node.logic if isinstance(node, Decision) else None
        return logic if isinstance(logic, DecisionTable) else None
    found = (_table_of(imported, one) for imported in definitions.imports.values())
    return next((table for table in found if table is not None), None)


def _rows(table: DecisionTable | None, evaluated: EvaluatedDecision) -> Iterator[ExplainedRow]:
    if table is None or not evaluated.cells:
        return
    counting = {rule.index for rule in evaluated.matched_rules}
    signs = evaluated.signs()
    for position, (rule, written) in enumerate(table.written, 1):
        yield ExplainedRow(position, rule, position in counting, written, signs)


def explanation_texts(explanations: Sequence[Explanation]) -> list[Text]:
    """Return an explanation as lines, the decision that was asked for first."""
    return [line for one in reversed(explanations) for line in _lines(one)]


def _lines(one: Explanation) -> Iterator[Text]:
    output = _shown(one.output)
    if one.failure is not None:
        yield Text(
            f"决策“{one.name}”没有结果：{one.failure}",
            f"Decision “{one.name}” has no result: {one.failure:en}",
        )
    else:
        yield Text(f"决策“{one.name}”：{verbatim(output)}", f"Decision “{one.name}”: {output}")
    if one.inputs:
        inputs = joined([_input(entry) for entry in one.inputs])
        yield Text(f"  输入：{inputs}", f"  Inputs: {inputs:en}")
    if one.hit_policy is not None and not any(row.matches for row in one.rows):
        yield Text("  没有一行命中", "  No row matches")
    for row in one.rows:
        yield _row(row, one)


def _input(entry: EvaluatedInput) -> Text:
    text = f"{entry.name} = {_shown(entry.value)}"
    return Text(verbatim(text), text)


def _row(row: ExplainedRow, one: Explanation) -> Text:
    name = f" {row.rule.description}" if row.rule.description else ""
    cells = joined([_cell(cell) for cell in row.cells]) if row.cells else _ANYTHING
    head = _HEADS[row.counts, row.matches]
    tail = _outputs(row, one)
    return Text(
        f"  第 {row.position} 行{verbatim(name)} {head}：{cells}{tail}",
        f"  Row {row.position}{name} {head:en}: {cells:en}{tail:en}",
    )


_ANYTHING = Text("没有条件", "no condition")
_HEADS = {
    (True, True): Text("命中", "matches"),
    (False, True): Text("命中，但不起作用", "matches, but does not count"),
    (False, False): Text("未命中", "does not match"),
}
_SAYS = {
    "1": Text("是", "yes"),
    "0": Text("否", "no"),
    "?": Text("无法判断", "cannot be told"),
    ".": Text("未判断", "not asked"),
}


def _cell(cell: ExplainedCell) -> Text:
    says = _SAYS[cell.says]
    return Text(
        f"{verbatim(f'{cell.column} {cell.text}')} {says}", f"{cell.column} {cell.text} {says:en}"
    )


def _outputs(row: ExplainedRow, one: Explanation) -> Text:
    rule = next((rule for rule in one.matched_rules if rule.index == row.position), None)
    if rule is None:
        return Text("", "")
    outputs = joined(
        [
            Text(verbatim(text), text)
            for entry in rule.outputs
            for text in (f"{entry.name or entry.id} = {_shown(entry.value)}",)
        ]
    )
    notes = "".join(
        f" [{name}: {text}]" if name else f" [{text}]" for name, text in rule.annotations
    )
    return Text(f" → {outputs}{verbatim(notes)}", f" → {outputs:en}{notes}")


def _shown(value: Any) -> str:
    """Return a value as JSON text, as it is stored."""
    return json.dumps(to_json(value), ensure_ascii=False)
