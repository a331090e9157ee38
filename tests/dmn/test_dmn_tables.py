"""Decision tables: hit policies, defaults, and what is told about the rules that fired."""

from typing import Any

import pytest

from service.feel import to_json
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
        ("COLLECT", 0, []),
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
