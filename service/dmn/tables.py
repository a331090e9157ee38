"""Decision tables: inputs, the rules they match, and the output.

Source: DMN 1.5 §8.2, §8.3.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.dmn.boxed import START, wrong_type
from service.dmn.errors import DecisionFailed
from service.dmn.hit_policies import AGGREGATIONS, LISTS, POLICIES, Hit
from service.dmn.logic import LogicResult
from service.dmn.matching import Column, Matcher, bits
from service.dmn.outcome import EvaluatedInput, EvaluatedOutput, MatchedRule
from service.dmn.regions import Constants
from service.feel import Expression, UnaryTests
from service.feel.comparison import is_in
from service.feel.errors import Fault
from service.feel.run import Frame
from service.feel.types import FeelType, coerce
from service.feel.wording import Text

_ALL_CONSTANTS = Constants()
_OUTPUT = Text("输出", "the output")


@dataclass(frozen=True, eq=False)
class Input:
    """An input column.

    Attributes:
        name: The label, or the expression where there is none.
        kind: The FEEL type the file declares, or None.
        allowed: Tests that every value meets: `inputValues`, allowed values of the type.
    """

    id: str
    name: str
    expression: Expression
    kind: str | None = None
    allowed: tuple[UnaryTests, ...] = ()


@dataclass(frozen=True, eq=False)
class Output:
    """An output column.

    Attributes:
        name: Empty for the only column of a table.
        label: What people call it.
        values: The list of output values, best first; None when none are listed.
        default: What no match gives, or None.
    """

    id: str
    name: str
    type: FeelType | None
    values: Expression | None = None
    default: Expression | None = None
    label: str = ""


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
        constants: What counts as a constant in its cells.
    """

    kind = "DECISION_TABLE"

    def __init__(
        self,
        hit_policy: str,
        aggregation: str | None,
        inputs: tuple[Input, ...],
        outputs: tuple[Output, ...],
        rules: tuple[Rule, ...],
        constants: Constants = _ALL_CONSTANTS,
    ) -> None:
        self.hit_policy: str | None = hit_policy
        self.aggregation = aggregation
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
        self.constants = constants
        self._policy = POLICIES[hit_policy]
        self._is_list = hit_policy in LISTS
        self._is_ranked = hit_policy in ("PRIORITY", "OUTPUT ORDER")
        self._fixed: dict[int, tuple[Hit, MatchedRule]] = {}

    @property
    def gives_list(self) -> bool:
        """Whether all rows that match count, so that it is usual that none does."""
        return self._is_list

    @cached_property
    def matcher(self) -> Matcher:
        """The cells by columns."""
        cells: list[list[UnaryTests | None]] = [[None] * len(self.rules) for _ in self.inputs]
        for row, rule in enumerate(self.rules):
            for column, tests in rule.tests:
                cells[column][row] = tests
        columns = tuple(
            Column(one.name, column, self.constants)
            for one, column in zip(self.inputs, cells, strict=True)
        )
        return Matcher(columns, len(self.rules), self.hit_policy == "FIRST")

    @cached_property
    def written(self) -> tuple[tuple[Rule, tuple[tuple[int, str, str], ...]], ...]:
        """The rows as they are written: of each cell its column, the column's name and its text."""
        names = [column.name for column in self.inputs]
        return tuple(
            (rule, tuple((at, names[at], tests.text) for at, tests in rule.tests))
            for rule in self.rules
        )

    def decide(self, frame: Frame) -> LogicResult:
        """Return the output, the rules that gave it, and what every cell said.

        Raises:
            DecisionFailed: The hit policy is broken.
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
        values = []
        inputs = []
        diagnostics = frame.run.diagnostics
        for column in self.inputs:
            noticed = len(diagnostics)
            value = column.expression.value_in(frame)
            if len(diagnostics) > noticed:
                frame.run.locate(noticed, Text(f"“{column.name}”列", f"Column “{column.name}”"))
            values.append(value)
            inputs.append(EvaluatedInput(column.id, column.name, value))
        return self._decided(frame, values, tuple(inputs))

    def _decided(
        self, frame: Frame, values: list[Any], inputs: tuple[EvaluatedInput, ...]
    ) -> LogicResult:
        rows, cells = self.matcher.match(frame, values)
        hits = [self._hit(frame, row) for row in bits(rows)]
        try:
            chosen = self._policy(hits)
            value = self._value(frame, chosen)
        except DecisionFailed as failed:
            matched = tuple(map(self._matched, hits))
            seen = LogicResult(None, inputs, matched, cells, len(self.rules))
            raise DecisionFailed(failed.text, seen) from failed
        if isinstance(value, list | dict):
            frame.run.made(value)
        matched = tuple(map(self._matched, chosen))
        return LogicResult(value, inputs, matched, cells, len(self.rules))

    def _hit(self, frame: Frame, row: int) -> Hit:
        known = self._fixed.get(row)
        if known is not None:
            return known[0]
        run = frame.run
        noticed = len(run.diagnostics)
        outputs = tuple(
            self._output(frame, row, column, entry)
            for column, entry in zip(self.outputs, self.rules[row].outputs, strict=True)
        )
        hit = Hit(row, outputs, self._ranks(frame, outputs))
        if len(run.diagnostics) == noticed and self._is_fixed(row, outputs):
            self._fixed[row] = (hit, self._told(hit))
        return hit

    def _is_fixed(self, row: int, outputs: tuple[Any, ...]) -> bool:
        """Tell whether a row's outputs are the same whenever it fires, and safe to hand out twice."""
        entries = [
            *self.rules[row].outputs,
            *(column.values for column in self.outputs if self._is_ranked),
        ]
        return all(
            entry is None or self.constants.is_constant(entry.tree) for entry in entries
        ) and not any(isinstance(value, list | dict) for value in outputs)

    def _output(self, frame: Frame, row: int, column: Output, entry: Expression | None) -> Any:
        if entry is None:
            return None
        run = frame.run
        noticed = len(run.diagnostics)
        value = self._typed(frame, column, entry.value_in(frame))
        if len(run.diagnostics) > noticed:
            name = column.label or column.name or column.id
            place = f"第 {row + 1} 行输出“{name}”", f"Row {row + 1}, output “{name}”"
            run.locate(noticed, Text(*place))
        return value

    def _typed(self, frame: Frame, column: Output, value: Any) -> Any:
        if column.type is None:
            return value
        typed, fits = coerce(value, column.type, frame.run.step)
        if not fits:
            frame.run.note("wrong_type", wrong_type(_OUTPUT, column.type), START)
        return typed

    def _ranks(self, frame: Frame, outputs: tuple[Any, ...]) -> tuple[int, ...]:
        if not self._is_ranked:
            return ()
        return tuple(
            _rank(frame, column, value)
            for column, value in zip(self.outputs, outputs, strict=True)
            if column.values is not None
        )

    def _value(self, frame: Frame, chosen: list[Hit]) -> Any:
        if not chosen:
            has_default = any(column.default is not None for column in self.outputs)
            return self._default(frame) if has_default else None
        values = [self._row(hit.outputs) for hit in chosen]
        if self.aggregation is not None:
            return self._aggregated(frame, values)
        if self._is_list:
            return values
        return values[0]

    def _aggregated(self, frame: Frame, values: list[Any]) -> Any:
        assert self.aggregation is not None
        try:
            return AGGREGATIONS[self.aggregation](values)
        except Fault as fault:
            how = self.aggregation
            raise DecisionFailed(
                Text(
                    f"无法汇总（{how}）：{fault.text}", f"Cannot aggregate ({how}): {fault.text:en}"
                )
            ) from fault

    def _default(self, frame: Frame) -> Any:
        values = tuple(
            self._typed(frame, column, column.default.value_in(frame))
            if column.default is not None
            else None
            for column in self.outputs
        )
        return self._row(values)

    def _row(self, values: tuple[Any, ...]) -> Any:
        if len(self.outputs) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _matched(self, hit: Hit) -> MatchedRule:
        known = self._fixed.get(hit.position)
        return self._told(hit) if known is None else known[1]

    def _told(self, hit: Hit) -> MatchedRule:
        rule = self.rules[hit.position]
        outputs = tuple(
            EvaluatedOutput(column.id, column.label or column.name, value)
            for column, value in zip(self.outputs, hit.outputs, strict=True)
        )
        return MatchedRule(rule.id, hit.position + 1, rule.annotations, rule.description, outputs)


def _rank(frame: Frame, column: Output, value: Any) -> int:
    listed = column.values.value_in(frame) if column.values is not None else []
    for rank, candidate in enumerate(listed):
        if is_in(value, candidate):
            return rank
    return len(listed)
