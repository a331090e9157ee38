"""The analysis against brute force on random tables (all of them: HUIYIN_RANDOM_TABLES=10000)."""

import os

import pytest

from service.dmn.analysis import analyse_table
from tests.dmn.random_tables import Oracle, lies_in, random_table, told

COUNT = int(os.environ.get("HUIYIN_RANDOM_TABLES", "60"))
ALL = 100_000


def differences(seed: int) -> list[str]:
    """Return in what the analysis of a random table is not what trying every input says."""
    table = random_table(seed)
    oracle = Oracle(table)
    analysis = analyse_table(table, "d", "d", most=ALL)
    gaps = [problem.where for problem in analysis.problems if problem.kind == "gap"]
    expected_gaps = oracle.gaps()
    found_gaps = {
        point
        for point in oracle.points
        if any(lies_in(where, oracle.values(point), oracle.named) for where in gaps)
    }
    clashes = {
        (problem.rows[0], problem.rows[1])
        for problem in analysis.problems
        if problem.kind in ("overlap", "conflict")
    } | {
        (problem.rows[1], problem.rows[0])
        for problem in analysis.problems
        if problem.kind == "duplicate" and problem.is_error
    }
    never = told(analysis, "unreachable")
    if table.hit_policy in ("FIRST", "ANY", "PRIORITY"):
        never |= told(analysis, "duplicate") & oracle.never_counting()
    pairs = {
        "complete": (analysis.is_complete, not expected_gaps),
        "undecided": (analysis.undecided, ()),
        "gaps": (found_gaps, expected_gaps),
        "clashes": (clashes, oracle.clashes()),
        "unmeetable": (told(analysis, "unmeetable"), oracle.unmeetable()),
        "never counting": (never, oracle.never_counting()),
        "duplicates": (told(analysis, "duplicate"), oracle.duplicates()),
    }
    return [
        f"seed {seed}: {name}: {found} for {wanted}"
        for name, (found, wanted) in pairs.items()
        if found != wanted
    ]


@pytest.mark.slow
def test_the_analysis_says_what_trying_every_input_says() -> None:
    """Gaps, overlaps, conflicts, unmeetable, unreachable and duplicate rows are the very same."""
    assert [line for seed in range(COUNT) for line in differences(seed)] == []
