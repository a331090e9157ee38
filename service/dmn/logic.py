"""What every boxed expression is: something that decides over the names of a frame.

Source: DMN 1.5 §7.3, §10.2.1.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from service.dmn.outcome import Cells, EvaluatedInput, MatchedRule
from service.feel.run import Frame


@dataclass(frozen=True)
class LogicResult:
    """A value, and for tables how it came about."""

    value: Any
    inputs: tuple[EvaluatedInput, ...] = ()
    matched_rules: tuple[MatchedRule, ...] = ()
    cells: tuple[Cells, ...] = ()
    row_count: int = 0


class Logic(Protocol):
    """A boxed expression."""

    @property
    def kind(self) -> str:
        """`DECISION_TABLE`, `LITERAL_EXPRESSION`, ..."""

    @property
    def hit_policy(self) -> str | None:
        """Of a table, else None."""

    def decide(self, frame: Frame) -> LogicResult:
        """Return the value over the names of a frame.

        Raises:
            DecisionFailed: A table breaks its hit policy.
            LimitExceeded: The evaluation has used up its allowance.
            AssertionFailed: `assert` does not hold.
        """
