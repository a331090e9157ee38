"""What an evaluated decision says: its value, the rules that fired, and what was noticed."""

from dataclasses import dataclass
from typing import Any

from service.feel import Diagnostic


@dataclass(frozen=True)
class EvaluatedInput:
    """An input of a decision table and what it was.

    Attributes:
        name: The label, or the expression where there is none.
    """

    id: str
    name: str
    value: Any


@dataclass(frozen=True)
class EvaluatedOutput:
    """An output of a rule that fired."""

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
    """

    decision_id: str
    name: str
    kind: str
    output: Any
    inputs: tuple[EvaluatedInput, ...] = ()
    matched_rules: tuple[MatchedRule, ...] = ()
    hit_policy: str | None = None


@dataclass(frozen=True)
class DecisionOutcome:
    """What came out.

    Attributes:
        value: A FEEL value; None also when the evaluation failed.
        evaluated: Every decision evaluated, required ones before those that require them; after a
            failure also the one that failed and those that require it, without output.
        diagnostics: What made parts of values null.
        failed_decision_id: The decision that could not be decided, or None.
        failure: Why, in Chinese, or None.
    """

    value: Any
    evaluated: tuple[EvaluatedDecision, ...]
    diagnostics: tuple[Diagnostic, ...]
    failed_decision_id: str | None = None
    failure: str | None = None
