"""What an evaluated decision says: its value, the rules that fired, and what was noticed."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from service.feel import Diagnostic
from service.feel.wording import Text


class Cells(NamedTuple):
    """What the cells of one column said; sets of rows are whole numbers read as bits.

    Attributes:
        met: Rows whose cells the input meets.
        unknown: Rows whose cells gave null.
        asked: Rows whose cells were asked; of the others nothing is known.
    """

    met: int
    unknown: int
    asked: int

    def signs(self, row_count: int) -> str:
        """Return a sign for each row: `1` met, `0` not met, `?` null, `.` not asked."""
        if not row_count:
            return ""
        if self.asked + 1 == 1 << row_count and not self.unknown:
            return f"{self.met:0{row_count}b}"[::-1]
        met, unknown, asked = (f"{rows:0{row_count}b}"[::-1] for rows in self)
        return "".join(map(_SIGNS.__getitem__, zip(met, unknown, asked, strict=True)))


_SIGNS = {
    (met, unknown, asked): sign
    for met, unknown, asked, sign in (
        ("1", "0", "1", "1"),
        ("0", "0", "1", "0"),
        ("0", "1", "1", "?"),
        ("0", "0", "0", "."),
    )
}


class EvaluatedInput(NamedTuple):
    """An input of a decision table and what it was.

    Attributes:
        name: The label, or the expression where there is none.
    """

    id: str
    name: str
    value: Any


@dataclass(frozen=True)
class EvaluatedOutput:
    """An output of a rule that fired.

    Attributes:
        name: The label, or the name where there is none; the only column of a table may have neither.
    """

    id: str
    name: str
    value: Any


@dataclass(frozen=True)
class MatchedRule:
    """A rule that fired.

    Attributes:
        index: Its position in the table, from 1.
        annotations: Column name and text.
    """

    rule_id: str
    index: int
    annotations: tuple[tuple[str, str], ...]
    description: str
    outputs: tuple[EvaluatedOutput, ...]


@dataclass(frozen=True)
class EvaluatedDecision:
    """One decision that was evaluated on the way.

    Attributes:
        kind: `DECISION_TABLE`, `LITERAL_EXPRESSION`, `CONTEXT`, `INVOCATION`, ...
        inputs: Of a table, in column order.
        matched_rules: Of a table, those that gave the output, or that contradict each other.
        hit_policy: Of a table, else None.
        cells: Of a table, what every cell said, a column an input.
        row_count: Of a table, how many rows it has.
        namespace: Of its file.
        origin: What the caller knows its file by.
    """

    decision_id: str
    name: str
    kind: str
    output: Any
    inputs: tuple[EvaluatedInput, ...] = ()
    matched_rules: tuple[MatchedRule, ...] = ()
    hit_policy: str | None = None
    cells: tuple[Cells, ...] = ()
    row_count: int = 0
    namespace: str = ""
    origin: Any = None

    def signs(self) -> list[str]:
        """Return what every cell said, a text an input and a sign a row (see `Cells.signs`)."""
        return [cells.signs(self.row_count) for cells in self.cells]


@dataclass(frozen=True)
class DecisionOutcome:
    """What came out.

    Attributes:
        value: A FEEL value; None also when the evaluation failed.
        evaluated: Every decision evaluated, required ones before those that require them; after a
            failure also the one that failed and those that require it, without output.
        diagnostics: What made parts of values null.
        failed_decision_id: The decision that could not be decided, or None.
        failure_text: Why, or None.
    """

    value: Any
    evaluated: tuple[EvaluatedDecision, ...]
    diagnostics: tuple[Diagnostic, ...]
    failed_decision_id: str | None = None
    failure_text: Text | None = None

    @property
    def failure(self) -> str | None:
        """Why the decision failed, in Chinese, or None."""
        return None if self.failure_text is None else self.failure_text.chinese
