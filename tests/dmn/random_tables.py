"""Random decision tables, and their problems found by trying every input that could matter.

The oracle knows nothing of classes and boxes: it evaluates every cell on a fine grid of values, which
holds every constant that is drawn, a value between each two of them, one beyond each end, and null.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from service.dmn.analysis import Counterexample, Part, TableAnalysis
from service.dmn.tables import DecisionTable, Input, Output, Rule
from service.feel import UnaryTests, compile_expression, compile_unary_tests
from service.feel.comparison import less, less_or_equal
from service.feel.values import Date, DateTime, DaysTimeDuration, Time
from tests.dmn.dmn_files import OFFICE

POLICIES = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT"]
NANOS = 1_000_000_000


@dataclass(frozen=True)
class Kind:
    """A type of columns: how constants are written, and every value that could matter."""

    name: str
    texts: Sequence[str]
    values: Sequence[Any]
    is_ordered: bool = True


KINDS = [
    Kind(
        "number",
        [str(n) for n in range(5)],
        [Decimal(n) / 2 for n in range(-1, 10)],
    ),
    Kind("string", ['"a"', '"b"', '"c"'], ["", "a", "aa", "b", "bb", "c", "d"], is_ordered=False),
    Kind("boolean", ["true", "false"], [True, False], is_ordered=False),
    Kind(
        "date",
        [f'date("2026-01-0{n}")' for n in range(1, 5)],
        [Date(2025, 12, 31), *(Date(2026, 1, n) for n in range(1, 6))],
    ),
    Kind(
        "date and time",
        ['@"2026-01-01T00:00:01"', '@"2026-01-01T00:00:02.5"', 'date("2026-01-01")'],
        [
            DateTime(Date(2025, 12, 31), Time(23, 59, 59)),
            *(
                DateTime(Date(2026, 1, 1), Time(0, 0, quarter // 4, quarter % 4 * NANOS // 4))
                for quarter in range(16)
            ),
        ],
    ),
    Kind(
        "time",
        ['time("00:00:00")', 'time("00:00:01.5")'],
        [Time(0, 0, quarter // 4, quarter % 4 * NANOS // 4) for quarter in range(12)],
    ),
    Kind(
        "days and time duration",
        ['duration("P1D")', 'duration("P2D")'],
        [DaysTimeDuration(n * 43_200 * NANOS) for n in range(1, 6)],
    ),
]


def random_table(seed: int) -> DecisionTable:
    """Return a table of up to three columns and eight rows; the same seed gives the same."""
    pick = random.Random(seed)
    kinds = [pick.choice(KINDS) for _ in range(pick.randint(1, 3))]
    policy = pick.choice(POLICIES)
    inputs = tuple(
        Input(f"in{at}", f"c{at}", compile_expression(f"c{at}"), kind.name)
        for at, kind in enumerate(kinds)
    )
    listed = compile_expression("[1, 2, 3]") if policy == "PRIORITY" else None
    rules = tuple(_rule(pick, row, kinds) for row in range(pick.randint(0, 8)))
    return DecisionTable(policy, None, inputs, (Output("out", "", None, listed),), rules)


def _rule(pick: random.Random, row: int, kinds: Sequence[Kind]) -> Rule:
    cells = [
        (at, compile_unary_tests(_cell(pick, kind)))
        for at, kind in enumerate(kinds)
        if pick.random() < 0.7
    ]
    return Rule(f"r{row}", tuple(cells), (compile_expression(pick.choice("1223")),), (), "")


def _cell(pick: random.Random, kind: Kind) -> str:
    one, other = pick.choice(kind.texts), pick.choice(kind.texts)
    shapes = [one, f"{one}, {other}", f"not({one})", f"not({one}, {other})", f"? = {one}", "null"]
    shapes += [f"not(? = {one}) and ? != {other}", f"[{one}, {other}]"]
    if kind.is_ordered:
        operator = pick.choice(["<", "<=", ">", ">="])
        shapes += [f"{operator} {one}"] * 4
        shapes += [f"[{one}..{other}]", f"({one}..{other}]", f"]{one}..{other}["] * 2
        shapes += [f"not({operator} {one})", f"? > {one} or ? {operator} {other}"]
        shapes += [f"? between {one} and {other}", f"? in ([{one}..{other}))"]
    return pick.choice(shapes)


class Oracle:
    """Everything about a table by brute force.

    Attributes:
        points: Every input that could matter, a place in the grid of each column.
        named: For each column whether some cell names null.
        met: The rows each meets, from 1.
    """

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        kinds = {kind.name: kind for kind in KINDS}
        grids = [[*kinds[column.kind or ""].values, None] for column in table.inputs]
        self.points = list(product(*map(range, map(len, grids))))
        self.grids = grids
        self.named = [
            any(
                "null" in tests.text
                for rule in table.rules
                for at, tests in rule.tests
                if at == column
            )
            for column in range(len(grids))
        ]
        cells = [
            {at: [_is_met(tests, value) for value in grids[at]] for at, tests in rule.tests}
            for rule in table.rules
        ]
        self.met = {
            point: [
                row
                for row, columns in enumerate(cells, 1)
                if all(answers[point[at]] for at, answers in columns.items())
            ]
            for point in self.points
        }

    def values(self, point: Sequence[int]) -> list[Any]:
        """Return the input itself."""
        return [grid[at] for grid, at in zip(self.grids, point, strict=True)]

    def gaps(self) -> set[tuple[int, ...]]:
        """Return inputs that need a row and have none; null needs one where a cell names it."""
        return {
            point
            for point, rows in self.met.items()
            if not rows
            and all(
                is_named or value is not None
                for is_named, value in zip(self.named, self.values(point), strict=True)
            )
        }

    def clashes(self) -> set[tuple[int, int]]:
        """Return pairs of rows that break the hit policy somewhere."""
        found = {
            (one, other)
            for rows in self.met.values()
            for one in rows
            for other in rows
            if one < other
        }
        if self.table.hit_policy == "UNIQUE":
            return found
        if self.table.hit_policy != "ANY":
            return set()
        return {(one, other) for one, other in found if self._output(one) != self._output(other)}

    def unmeetable(self) -> set[int]:
        """Return rows that no input meets."""
        return set(range(1, len(self.table.rules) + 1)) - {
            row for rows in self.met.values() for row in rows
        }

    def never_counting(self) -> set[int]:
        """Return rows that are met, but always beside one that counts rather than they."""
        beats = _BEATS.get(self.table.hit_policy or "")
        if beats is None:
            return set()
        counting = {
            row
            for rows in self.met.values()
            for row in rows
            if not any(beats(self, other, row) for other in rows if other != row)
        }
        return set(range(1, len(self.table.rules) + 1)) - counting - self.unmeetable()

    def duplicates(self) -> set[int]:
        """Return rows that match exactly where an earlier one does."""
        where: dict[int, frozenset[tuple[int, ...]]] = {
            row: frozenset(point for point, rows in self.met.items() if row in rows)
            for row in range(1, len(self.table.rules) + 1)
        }
        return {
            row
            for row, points in where.items()
            if points and any(where[earlier] == points for earlier in range(1, row))
        }

    def _output(self, row: int) -> str:
        entry = self.table.rules[row - 1].outputs[0]
        assert entry is not None
        return entry.text


_BEATS: dict[str, Callable[[Oracle, int, int], bool]] = {
    "FIRST": lambda oracle, one, other: one < other,
    "ANY": lambda oracle, one, other: one < other and oracle._output(one) == oracle._output(other),
    "PRIORITY": lambda oracle, one, other: (
        (oracle._output(one), one) < (oracle._output(other), other)
    ),
}


def _is_met(tests: UnaryTests, value: Any) -> bool:
    return tests.evaluate(value, {}, OFFICE).value is True


def lies_in(where: Counterexample, values: Sequence[Any], named: Sequence[bool]) -> bool:
    """Tell whether an input lies in a counter-example, as its words would be read.

    Args:
        named: For each column whether some cell names null.
    """
    parts = {part.column: part for part in where.parts}
    return all(
        _fits(parts[f"c{at}"], value) if f"c{at}" in parts else is_named or value is not None
        for at, (value, is_named) in enumerate(zip(values, named, strict=True))
    )


def _fits(part: Part, value: Any) -> bool:
    if value is None:
        return part.takes_null
    inside = any(
        (span.low is None or _before(span.low, value, span.low_included))
        and (span.high is None or _before(value, span.high, span.high_included))
        for span in part.spans
    )
    return inside is not part.is_other


def _before(low: Any, high: Any, included: bool) -> bool:
    if isinstance(low, bool):
        return bool(low == high)
    return bool(less_or_equal(low, high) if included else less(low, high))


def told(analysis: TableAnalysis, *kinds: str) -> set[int]:
    """Return the rows that problems of some kinds speak of first."""
    return {problem.rows[0] for problem in analysis.problems if problem.kind in kinds}


def wide_table(seed: int, *, rows: int, empty: float, hit_policy: str) -> DecisionTable:
    """Return a table of eight inputs: numbers in ranges, truths and texts.

    Args:
        empty: The share of cells that anything meets.
    """
    pick = random.Random(seed)
    inputs = tuple(Input(f"in{at}", f"c{at}", compile_expression(f"c{at}")) for at in range(8))
    rules = []
    for row in range(rows):
        cells = [
            (at, compile_unary_tests(_wide_cell(pick, at)))
            for at in range(8)
            if pick.random() >= empty
        ]
        rules.append(Rule(f"r{row}", tuple(cells), (compile_expression(str(row % 4)),), (), ""))
    return DecisionTable(hit_policy, None, inputs, (Output("out", "", None),), tuple(rules))


def _wide_cell(pick: random.Random, column: int) -> str:
    if column % 4 == 3:
        return f'"{pick.choice("abcdefgh")}"'
    if column % 4 == 2:
        return pick.choice(["true", "false"])
    low = pick.randint(0, 1000)
    return f"[{low}..{low + pick.randint(1, 400)})"
