"""Decision tables: hit policies, defaults, and what is told about the rules that fired."""

from decimal import Decimal
from typing import Any

import pytest

from service import dmn
from service.dmn.matching import MOST_ROWS, Column
from service.dmn.regions import Constants
from service.feel import compile_unary_tests, to_json
from tests.dmn.dmn_files import decide, file, table

RULES = [["> 0", '"low"'], ["> 10", '"high"'], ["> 10", '"high"']]
RANKED = '<outputValues><text>"high", "low"</text></outputValues>'
DEFAULT = '<defaultOutputEntry><text>"none"</text></defaultOutputEntry>'


@pytest.mark.parametrize(
    ("hit_policy", "x", "expected"),
    [
        ("UNIQUE", 5, "low"),
        ("UNIQUE", 0, None),
        ("FIRST", 20, "low"),
        ("PRIORITY", 20, "high"),
        ("RULE ORDER", 20, ["low", "high", "high"]),
        ("OUTPUT ORDER", 20, ["high", "high", "low"]),
        ("COLLECT", 20, ["low", "high", "high"]),
        ("COLLECT", 0, None),
    ],
)
def test_the_hit_policy_picks_among_the_matches(hit_policy: str, x: int, expected: Any) -> None:
    """Source: DMN 1.5 §8.2.10."""
    xml = file(table(["x"], ["y"], RULES, hit_policy=hit_policy, output_inner=RANKED))

    outcome = decide(xml, x=x)

    assert to_json(outcome.value) == expected
    assert outcome.failure is None


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 7), ("MIN", 2), ("MAX", 5), ("COUNT", 2)]
)
def test_collected_outputs_are_put_together(aggregation: str, expected: int) -> None:
    """Source: DMN 1.5 §8.2.10."""
    rules = [["> 0", "2"], ["> 1", "5"], ["> 9", "100"]]
    xml = file(table(["x"], ["y"], rules, hit_policy="COLLECT", aggregation=aggregation))

    assert to_json(decide(xml, x=3).value) == expected


def test_two_hits_of_a_unique_table_fail_and_name_the_rows() -> None:
    """The administrator sees which rows contradict each other."""
    outcome = decide(file(table(["x"], ["y"], RULES)), x=20)

    assert outcome.value is None
    assert outcome.failed_decision_id == "d"
    assert outcome.failure is not None
    assert "第 1、2、3 行" in outcome.failure
    failed = outcome.evaluated[-1]
    assert [rule.rule_id for rule in failed.matched_rules] == ["r1", "r2", "r3"]
    assert [to_json(one.value) for one in failed.inputs] == [20]


def test_any_allows_several_hits_only_with_the_same_output() -> None:
    """Source: DMN 1.5 §8.2.10."""
    same = file(table(["x"], ["y"], RULES[1:], hit_policy="ANY"))
    other = file(table(["x"], ["y"], RULES, hit_policy="ANY"))

    assert decide(same, x=20).value == "high"
    assert decide(other, x=20).failure is not None


def test_a_default_stands_in_when_nothing_matches() -> None:
    """Source: DMN 1.5 §8.3.2, `defaultOutputEntry`."""
    xml = file(table(["x"], ["y"], RULES[:1], output_inner=DEFAULT))

    assert decide(xml, x=-1).value == "none"
    assert decide(xml, x=1).value == "low"


def test_several_outputs_are_a_context() -> None:
    """The keys are the names of the columns."""
    xml = file(table(["x"], ["level", "label"], [["-", "1", '"一级"']]))

    assert to_json(decide(xml, x=1).value) == {"level": 1, "label": "一级"}


def test_the_rules_that_fired_are_told_with_their_ids_and_annotations() -> None:
    """An audit reads inputs, the row, its rule ids and its outputs."""
    outcome = decide(
        file(table(["x", "y"], ["z"], [["> 9", "-", "1"], ["-", '"a"', "2"]])), x=1, y="a"
    )

    evaluated = outcome.evaluated[-1]
    rule = evaluated.matched_rules[0]
    assert (evaluated.decision_id, evaluated.kind) == ("d", "DECISION_TABLE")
    assert evaluated.hit_policy == "UNIQUE"
    assert [(one.name, to_json(one.value)) for one in evaluated.inputs] == [("x", 1), ("y", "a")]
    assert (rule.rule_id, rule.index, rule.description) == ("r2", 2, "ROW-2")
    assert rule.annotations == (("Rule", "FB-2"),)
    assert [(one.name, to_json(one.value)) for one in rule.outputs] == [("z", 2)]


def test_a_missing_variable_matches_no_comparison_and_is_told() -> None:
    """Nothing is guessed for what is not there."""
    outcome = decide(file(table(["x"], ["y"], RULES[:1])))

    assert outcome.value is None
    assert outcome.diagnostics[0].kind == "variable_not_found"


CELLS = [["> 1", '"a"'], ["> limit", "-"], ["-", 'not("a")']]


@pytest.mark.parametrize(
    ("given", "signs"),
    [
        ({"x": 5, "s": "a", "limit": 9}, ["101", "110"]),
        ({"x": 0, "s": "b", "limit": -1}, ["011", "011"]),
        ({"x": None, "s": "a", "limit": 1}, ["??1", "110"]),
        ({"x": "t", "s": 1, "limit": 1}, ["??1", "?1?"]),
    ],
)
def test_every_cell_is_kept_with_what_it_said(given: dict[str, Any], signs: list[str]) -> None:
    """`1` met, `0` not met, `?` null: also cells that decided nothing, and of another type."""
    rules = [[*cells, "1"] for cells in CELLS]
    outcome = decide(file(table(["x", "s"], ["y"], rules, hit_policy="COLLECT")), **given)

    assert outcome.evaluated[-1].signs() == signs


def test_what_a_cell_notices_is_told_with_its_row_and_column() -> None:
    """An administrator finds the cell; the same words come in English."""
    outcome = decide(file(table(["金额"], ["y"], [["1", "1"], ["> 9", "2"]])), 金额="many")

    assert [str(note.sentence) for note in outcome.diagnostics] == [
        "第 1 行“金额”列：比较了文本和数字",
        "第 2 行“金额”列：比较了文本和数字",
    ]
    assert outcome.diagnostics[0].sentence.english.startswith("Row 1, column “金额”: ")


def test_a_cell_that_decides_nothing_neither_fails_nor_notices() -> None:
    """Only what kept a row from matching counts; a runaway cell elsewhere is left unasked."""
    runaway = "count(for i in 1..1000000 return i) = ?"
    outcome = decide(file(table(["x", "y"], ["z"], [["> 9", runaway, "1"]])), x=1, y=1)

    assert (outcome.failure, outcome.diagnostics) == (None, ())
    assert outcome.evaluated[-1].signs() == ["0", "."]


@pytest.mark.slow
def test_a_very_long_table_is_asked_cell_by_cell() -> None:
    """Its classes by rows would fill the memory; the answers are the same."""
    cells = [compile_unary_tests(f"{row}") for row in range(MOST_ROWS + 1)]
    column = Column("x", cells, Constants())

    assert column.axis is None
    assert column.look_up(Decimal(5)).asked == 0


def test_aggregation_of_several_outputs_and_ranks_without_values_are_remarked() -> None:
    """They can be read, but a match always fails, or the rows keep their order."""
    two = table(["x"], ["y", "z"], [["-", "1", "2"]], hit_policy="COLLECT", aggregation="SUM")
    ranked = table(["x"], ["y"], [["-", "1"]], hit_policy="PRIORITY")

    assert [one.rule for one in dmn.check(dmn.parse(file(two)))] == ["aggregation"]
    assert decide(file(two), x=1).failure is not None
    assert [one.rule for one in dmn.check(dmn.parse(file(ranked)))] == ["no_output_values"]


@pytest.mark.parametrize("hit_policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER", "UNIQUE", "FIRST"])
def test_no_match_gives_the_default_or_null_whatever_the_policy(hit_policy: str) -> None:
    """Source: DMN 1.5 §10.3.2.10, steps 2a and 2b of the semantics of a table."""
    plain = file(table(["x"], ["y"], RULES[:1], hit_policy=hit_policy))
    with_default = file(table(["x"], ["y"], RULES[:1], hit_policy=hit_policy, output_inner=DEFAULT))

    assert decide(plain, x=-1).value is None
    assert decide(with_default, x=-1).value == "none"
