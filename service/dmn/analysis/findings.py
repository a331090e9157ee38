"""What an analysis says of a table: a value, its words are made in `words`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Span:
    """Neighbouring values of one column; equal ends are a single value.

    Attributes:
        low: None when there is no lower end.
        high: None when there is no upper end.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool


@dataclass(frozen=True)
class Part:
    """What a counter-example demands of one column, or of several with the same expression.

    Attributes:
        column: Its name.
        kind: The FEEL type.
        spans: Values that do, ascending; of texts those that do (`is_other`: those that do not).
        is_other: The spans are what is left out.
        takes_null: A missing value does, too.
    """

    column: str
    kind: str
    spans: tuple[Span, ...]
    is_other: bool = False
    takes_null: bool = False


@dataclass(frozen=True)
class Counterexample:
    """A box of inputs.

    Columns that do not matter are left out: any value does there, and a missing one where a cell of
    the column names null.

    Attributes:
        example: One input of the box by the expression of its column, FEEL values.
    """

    parts: tuple[Part, ...]
    example: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """One finding.

    Attributes:
        kind: `gap`, `overlap` (two rows of UNIQUE), `conflict` (two rows of ANY with different
            outputs), `unreachable` (never the row that counts), `unmeetable` (a row that nothing
            meets) or `duplicate`.
        rows: Positions from 1; of `unreachable` and `duplicate` the row itself, then those before it.
        rule_ids: The ids of those rows.
        where: Inputs that show it; for `unmeetable` the column that cannot be met.
        is_error: The standard makes it an error, not a matter of taste.
    """

    kind: str
    rows: tuple[int, ...]
    rule_ids: tuple[str, ...]
    where: Counterexample
    is_error: bool = False


@dataclass(frozen=True)
class Undecided:
    """Something the analysis could not decide, and why.

    Attributes:
        reason: `opaque_cell`, `opaque_column`, `shared_variables`, `computed_outputs` or
            `too_complex`.
        row: Position from 1, or None for the whole column or table.
        column: Name, or the names of several, or empty for the whole table.
        detail: The cell's text, the name of a variable, or the kind of problem left open.
    """

    reason: str
    row: int | None = None
    column: str = ""
    detail: str = ""


@dataclass(frozen=True)
class TableAnalysis:
    """What is wrong with a table and what could not be decided.

    Attributes:
        is_complete: Whether some row meets every input; None when that could not be decided.
        problems: In order of kind and row.
        left_off: How many problems of a kind were found beyond those listed; -1 for «some».
        undecided: What the problems do not tell.
    """

    decision_id: str
    name: str
    hit_policy: str
    is_complete: bool | None
    problems: tuple[Problem, ...]
    undecided: tuple[Undecided, ...] = ()
    left_off: Mapping[str, int] = field(default_factory=dict)
