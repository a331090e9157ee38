"""Decision tables: inputs, the rules they match, and the output.

Source: DMN 1.5 §8.2, §8.3.
"""

from dataclasses import dataclass
from typing import Any

from service.dmn.errors import DecisionFailed
from service.dmn.hit_policies import AGGREGATIONS, LISTS, POLICIES, Hit
from service.dmn.model import LogicResult
from service.dmn.outcome import EvaluatedInput, EvaluatedOutput, MatchedRule
from service.feel import Expression, UnaryTests
from service.feel.comparison import is_in
from service.feel.errors import Fault
from service.feel.run import Frame
from service.feel.types import FeelType, coerce, label_of

_START = (1, 1)


@dataclass(frozen=True, eq=False)
class Input:
    """An input column.

    Attributes:
        name: The label, or the expression where there is none.
    """

    id: str
    name: str
    expression: Expression


@dataclass(frozen=True, eq=False)
class Output:
    """An output column.

    Attributes:
        name: Empty for the only column of a table.
        values: The list of output values, best first; None when none are listed.
        default: What no match gives, or None.
    """

    id: str
    name: str
    type: FeelType | None
    values: Expression | None = None
    default: Expression | None = None


@dataclass(frozen=True, eq=False)
class Rule:
    """A row.

    Attributes:
        tests: Column and its cell, cells that anything meets left out.
    """

    id: str
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Expression | None, ...]
    annotations: tuple[tuple[str, str], ...]
    description: str
    line: int | None = None


class DecisionTable:
    """A decision table ready to be evaluated.

    Attributes:
        aggregation: `SUM`, `MIN`, `MAX` or `COUNT` for COLLECT, else None.
    """

    kind = "DECISION_TABLE"

    def __init__(
        self,
        hit_policy: str,
        aggregation: str | None,
        inputs: tuple[Input, ...],
        outputs: tuple[Output, ...],
        rules: tuple[Rule, ...],
    ) -> None:
        self.hit_policy: str | None = hit_policy
        self.aggregation = aggregation
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
        self._policy = POLICIES[hit_policy]
        self._is_list = hit_policy in LISTS

    def decide(self, frame: Frame) -> LogicResult:
        """Return the output and the rules that gave it.

        Raises:
            DecisionFailed: The hit policy is broken.
        """
        values = [column.expression.value_in(frame) for column in self.inputs]
        cells = [Frame({"?": value}, frame, frame.run) for value in values]
        inputs = tuple(
            EvaluatedInput(column.id, column.name, value)
            for column, value in zip(self.inputs, values, strict=True)
        )
        hits = self._hits(frame, cells)
        try:
            chosen = self._policy(hits)
            value = self._value(frame, chosen)
        except DecisionFailed as failed:
            seen = LogicResult(None, inputs, tuple(map(self._matched, hits)))
            raise DecisionFailed(failed.message, seen) from failed
        if isinstance(value, list | dict):
            frame.run.made(value)
        return LogicResult(value, inputs, tuple(map(self._matched, chosen)))

    def _hits(self, frame: Frame, cells: list[Frame]) -> list[Hit]:
        hits = []
        for position, rule in enumerate(self.rules):
            if all(tests.met_in(cells[column]) is True for column, tests in rule.tests):
                outputs = self._outputs(frame, rule)
                hits.append(Hit(position, outputs, self._ranks(frame, outputs)))
                if self.hit_policy == "FIRST":
                    break
        return hits

    def _outputs(self, frame: Frame, rule: Rule) -> tuple[Any, ...]:
        return tuple(
            self._typed(frame, column, entry.value_in(frame)) if entry is not None else None
            for column, entry in zip(self.outputs, rule.outputs, strict=True)
        )

    def _typed(self, frame: Frame, column: Output, value: Any) -> Any:
        if column.type is None:
            return value
        typed, fits = coerce(value, column.type)
        if not fits:
            message = (
                f"输出“{column.name or column.id}”的值不是要求的类型（{label_of(column.type)}）"
            )
            frame.run.note("wrong_type", message, _START)
        return typed

    def _ranks(self, frame: Frame, outputs: tuple[Any, ...]) -> tuple[int, ...]:
        if self.hit_policy not in ("PRIORITY", "OUTPUT ORDER"):
            return ()
        return tuple(
            _rank(frame, column, value)
            for column, value in zip(self.outputs, outputs, strict=True)
            if column.values is not None
        )

    def _value(self, frame: Frame, chosen: list[Hit]) -> Any:
        if not chosen and any(column.default is not None for column in self.outputs):
            default = self._default(frame)
            return [default] if self._is_list and self.aggregation is None else default
        values = [self._row(hit.outputs) for hit in chosen]
        if self.aggregation is not None:
            return self._aggregated(frame, values)
        if self._is_list:
            return values
        return values[0] if values else None

    def _aggregated(self, frame: Frame, values: list[Any]) -> Any:
        assert self.aggregation is not None
        try:
            return AGGREGATIONS[self.aggregation](values)
        except Fault as fault:
            raise DecisionFailed(f"无法汇总（{self.aggregation}）：{fault.message}") from fault

    def _default(self, frame: Frame) -> Any:
        values = tuple(
            column.default.value_in(frame) if column.default is not None else None
            for column in self.outputs
        )
        return self._row(values)

    def _row(self, values: tuple[Any, ...]) -> Any:
        if len(self.outputs) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _matched(self, hit: Hit) -> MatchedRule:
        rule = self.rules[hit.position]
        outputs = tuple(
            EvaluatedOutput(column.id, column.name, value)
            for column, value in zip(self.outputs, hit.outputs, strict=True)
        )
        return MatchedRule(rule.id, hit.position + 1, rule.annotations, rule.description, outputs)


def _rank(frame: Frame, column: Output, value: Any) -> int:
    listed = column.values.value_in(frame) if column.values is not None else []
    for rank, candidate in enumerate(listed):
        if is_in(value, candidate):
            return rank
    return len(listed)
