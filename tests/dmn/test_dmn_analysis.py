"""What the analysis of a table says, in words and in what it admits not to know."""

import time

import pytest

from service import dmn
from service.dmn.analysis import TableAnalysis, analyse_table
from service.dmn.analysis.words import left_off_texts, problem_text, undecided_text
from service.dmn.tables import DecisionTable
from service.domain.languages import ENGLISH
from tests.dmn.dmn_files import decide, file, literal, table
from tests.dmn.random_tables import wide_table


def analysed(*cells: list[str], inputs: list[str], hit_policy: str = "FIRST") -> TableAnalysis:
    """Return the analysis of a table whose rows are input cells and one output cell."""
    xml = file(table(inputs, ["y"], cells, hit_policy=hit_policy))
    [analysis] = dmn.analyse(dmn.parse(xml, "test.dmn"))
    return analysis


def sentences(analysis: TableAnalysis, language: str = "zh_Hans_CN") -> list[str]:
    """Return the problems in words."""
    return [
        problem_text(problem, analysis.hit_policy).in_language(language)
        for problem in analysis.problems
    ]


def test_a_gap_is_told_in_the_words_of_the_table() -> None:
    """The counter-example is the largest box of inputs without a rule."""
    analysis = analysed(
        ["< 5000", "-", "1"],
        ["[5000..8000]", '"普通"', "2"],
        ["> 8000", "-", "3"],
        ["[5000..8000]", 'not("普通", "重要")', "4"],
        inputs=["金额", "客户类别"],
        hit_policy="UNIQUE",
    )

    assert sentences(analysis) == ["金额 5000–8000 且 客户类别=重要 没有规则"]
    assert sentences(analysis, ENGLISH) == ["金额 5000–8000 and 客户类别 = 重要: there is no rule"]
    assert analysis.is_complete is False


@pytest.mark.parametrize(
    ("hit_policy", "cells", "expected"),
    [
        ("UNIQUE", [["< 5", "1"], [">= 5", "2"]], []),
        (
            "UNIQUE",
            [["<= 5", "1"], [">= 5", "2"]],
            ["第 1、2 行同时命中（x=5），而命中策略是 UNIQUE"],
        ),
        ("ANY", [["<= 5", "1"], [">= 5", "1"]], []),
        (
            "ANY",
            [["<= 5", "1"], [">= 4", "2"]],
            ["第 1、2 行同时命中（x 4–5），输出却不同，而命中策略是 ANY"],
        ),
        ("FIRST", [["<= 5", "1"], [">= 5", "2"]], []),
        (
            "FIRST",
            [["< 5", "1"], [">= 3", "2"], ["[1..7]", "3"]],
            ["第 3 行从不起作用：它的情况（x 1–7）总是由第 1、2 行决定"],
        ),
        (
            "FIRST",
            [["-", "1"], ["(< 3)", "2"]],
            ["第 2 行从不起作用：它的情况（x < 3）总是由第 1 行决定"],
        ),
        ("FIRST", [["-", "1"], ["-", "2"]], ["第 2 行与第 1 行的条件相同，从不起作用"]),
        ("UNIQUE", [["-", "1"], ["-", "2"]], ["第 2 行与第 1 行的条件相同，而命中策略是 UNIQUE"]),
        ("COLLECT", [["-", "1"], ["-", "2"]], ["第 2 行与第 1 行的条件相同"]),
        ("COLLECT", [["-", "1"], ["> 1", "2"]], []),
        (
            "UNIQUE",
            [["-", "1"], ["? > 5 and ? < 3", "2"]],
            ["第 2 行从不命中：没有值能满足“x”列的条件"],
        ),
        ("UNIQUE", [["1", "1"], ["not(1)", "2"]], []),
        ("UNIQUE", [["1", "1"], ["> 1", "2"]], ["x < 1 没有规则"]),
        ("UNIQUE", [["(1..3)", "1"], ["<= 1", "2"], [">= 4", "3"]], ["x 3–4（不含 4） 没有规则"]),
    ],
)
def test_each_hit_policy_has_its_own_problems(
    hit_policy: str, cells: list[list[str]], expected: list[str]
) -> None:
    """An overlap is an error for UNIQUE, a conflict for ANY, and shadows rows of FIRST."""
    assert sentences(analysed(*cells, inputs=["x"], hit_policy=hit_policy)) == expected


def test_a_row_below_better_ones_never_counts_under_priority() -> None:
    """The order of the output values decides, not that of the rows."""
    ranked = '<outputValues><text>"high", "low"</text></outputValues>'
    rules = [["[1..5]", '"low"'], ["< 9", '"high"'], [">= 9", '"low"']]
    xml = file(table(["x"], ["y"], rules, hit_policy="PRIORITY", output_inner=ranked))
    [analysis] = dmn.analyse(dmn.parse(xml, "test.dmn"))

    assert sentences(analysis) == ["第 1 行从不起作用：它的情况（x 1–5）总是由第 2 行决定"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            [['date("2026-01-01")'], ['> date("2026-01-03")']],
            "x ≤ 2025-12-31 或 2026-01-02–2026-01-03",
        ),
        ([['> duration("PT1H30M")']], "x ≤ 1 小时 30 分"),
        ([['>= duration("P1Y2M")']], "x ≤ 1 年 1 个月"),
        ([["true"]], "x=否"),
        ([['"a", "b"']], "x 不是 a、b"),
        ([['not("a", "b")']], "x=a、b"),
        ([['< "b"']], "x ≥ b"),
        ([["null"], ['"a"']], "x 不是 a"),
        ([["not(null)"]], "x 为空"),
        ([['time("10:00:00")'], ['> time("10:00:01")'], ['< time("10:00:00")']], "x=10:00:01"),
    ],
)
def test_values_of_every_type_are_told_in_words(cells: list[list[str]], expected: str) -> None:
    """Dates and durations are whole steps; texts are told by what is listed; null only when named."""
    analysis = analysed(*([cell, "1"] for [cell] in cells), inputs=["x"])

    assert sentences(analysis) == [f"{expected} 没有规则"]


def test_values_that_may_not_come_need_no_rule() -> None:
    """The column's input values, and the allowed values of its type, bound what is looked at."""
    rules = [['"重要"', "1"], ['"普通"', "2"]]
    plain = table(["客户类别"], ["y"], rules)
    listed = plain.replace(
        "</inputExpression>",
        '</inputExpression><inputValues><text>"重要", "普通"</text></inputValues>',
    )
    typed = plain.replace("<inputExpression>", '<inputExpression typeRef="tClass">')
    item = (
        '<itemDefinition name="tClass"><typeRef>string</typeRef><allowedValues><text>"重要", "普通"'
    )
    item += "</text></allowedValues></itemDefinition>"

    assert [sentences(one) for one in dmn.analyse(dmn.parse(file(plain)))] != [[]]
    assert [sentences(one) for one in dmn.analyse(dmn.parse(file(listed)))] == [[]]
    assert [sentences(one) for one in dmn.analyse(dmn.parse(file(item, typed)))] == [[]]


def test_columns_with_the_same_expression_see_the_same_value() -> None:
    """What one of them excludes is no counter-example for the other."""
    analysis = analysed(
        ["< 5", "-", "1"], ["-", ">= 5", "2"], inputs=["x", "x"], hit_policy="UNIQUE"
    )

    assert analysis.problems == ()
    assert analysis.is_complete is True


@pytest.mark.parametrize(
    ("cells", "inputs", "expected"),
    [
        ([["> limit", "1"]], ["x"], "第 1 行“x”列没有判定：单元格“> limit”不只是把输入与常数比较"),
        (
            [["1", "1"], ['"a"', "2"]],
            ["x"],
            "“x”列没有判定：它的类型不能逐段划分，或各行与不同类型的值比较",
        ),
        (
            [["> 1", "> 2", "1"]],
            ["x", "x + y"],
            "“x、x + y”列都读取变量 x，分析时当作互不相关：有些组合可能不会出现",
        ),
    ],
)
def test_what_cannot_be_decided_is_named(
    cells: list[list[str]], inputs: list[str], expected: str
) -> None:
    """Nothing is guessed about cells that ask more than comparisons with constants."""
    analysis = analysed(*cells, inputs=inputs)

    assert expected in [str(undecided_text(one)) for one in analysis.undecided]


def test_cells_not_understood_neither_make_nor_hide_problems() -> None:
    """What is reported is sure; completeness stays open where only such a row could close a gap."""
    analysis = analysed(["< 5", "1"], ["> limit", "2"], ["< 3", "3"], inputs=["x"])

    assert analysis.is_complete is None
    assert sentences(analysis) == ["第 3 行从不起作用：它的情况（x < 3）总是由第 1 行决定"]


def test_computed_outputs_of_any_are_not_compared() -> None:
    """Whether two rows conflict is only known when their outputs are constants, or the same text."""
    analysis = analysed(
        ["-", "a + 1"], ["> 1", "a + 2"], ["< 0", "a + 1"], inputs=["x"], hit_policy="ANY"
    )

    assert [problem.kind for problem in analysis.problems] == ["unreachable"]
    assert [one.reason for one in analysis.undecided] == ["computed_outputs"]


def test_a_function_of_the_file_is_no_constant() -> None:
    """A knowledge model called `date` hides the built-in one, so nothing is known of its value."""
    model = '<businessKnowledgeModel id="k" name="date"/>'
    xml = file(model, table(["x"], ["y"], [['date("2026-01-01")', "1"]]))
    [analysis] = dmn.analyse(dmn.parse(xml, "test.dmn"))

    assert [one.reason for one in analysis.undecided] == ["opaque_cell"]


def test_tables_inside_of_other_expressions_are_analysed() -> None:
    """A table in a context, or in a knowledge model, belongs to the element around it."""
    inner = (
        table(["x"], ["y"], [["-", "1"], ["-", "2"]])
        .partition("<decisionTable")[2]
        .partition("</decision>")[0]
    )
    xml = file(
        '<decision id="outer" name="Outer"><context><contextEntry><variable name="a"/>'
        f"<decisionTable{inner}</contextEntry></context></decision>"
    )
    [analysis] = dmn.analyse(dmn.parse(xml, "test.dmn"))

    assert (analysis.decision_id, analysis.name) == ("outer", "Outer")
    assert [problem.rule_ids for problem in analysis.problems] == [("r2", "r1")]


def test_a_counterexample_is_an_input_that_shows_it() -> None:
    """The example of an overlap breaks the table, that of a gap meets no rule."""
    xml = file(table(["x", "s"], ["y"], [["[1..5]", '"a"', "1"], [">= 5", "-", "2"]]))
    [analysis] = dmn.analyse(dmn.parse(xml, "test.dmn"))
    examples = {problem.kind: problem.where.example for problem in analysis.problems}

    assert decide(xml, **examples["overlap"]).failure is not None
    assert decide(xml, **examples["gap"]).evaluated[-1].matched_rules == ()


def test_a_table_too_complex_says_so() -> None:
    """Steps are bounded; what is not known then is named, never guessed."""
    analysis = analyse_table(
        wide_table(3, rows=40, empty=0.5, hit_policy="FIRST"), "d", "d", steps=5
    )

    assert analysis.is_complete is None
    assert {one.detail for one in analysis.undecided if one.reason == "too_complex"} == {
        "gap",
        "unreachable",
    }


def test_a_table_too_large_is_not_begun() -> None:
    """Rows are compared in pairs, so a table of thousands of rows is named as not decided."""
    analysis = analysed(
        *([f"{row}", "1"] for row in range(1001)), inputs=["x"], hit_policy="UNIQUE"
    )

    assert analysis.problems == ()
    assert {one.reason for one in analysis.undecided} == {"too_complex"}


def test_long_lists_are_cut_and_say_so() -> None:
    """Twenty problems of a kind are told, the rest is counted."""
    rules = [[f"[0..{end}]", "1"] for end in range(10)]
    analysis = analysed(*rules, inputs=["x"], hit_policy="UNIQUE")

    assert len([one for one in analysis.problems if one.kind == "overlap"]) == 20
    assert [str(text) for text in left_off_texts(analysis)] == ["另有 25 处同时命中的行未列出。"]


@pytest.mark.slow
@pytest.mark.parametrize("empty", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("hit_policy", ["UNIQUE", "FIRST"])
def test_two_hundred_rows_of_eight_inputs_are_analysed_in_no_time(
    empty: float, hit_policy: str
) -> None:
    """The figure itself (300 ms) is measured by `make bench`; this holds it against slow machines."""
    wide: DecisionTable = wide_table(1, rows=200, empty=empty, hit_policy=hit_policy)
    began = time.process_time()

    analysis = analyse_table(wide, "d", "d")

    assert time.process_time() - began < 3
    assert not [one for one in analysis.undecided if one.reason == "too_complex"]


def test_a_file_without_tables_has_nothing_to_analyse() -> None:
    """Literal expressions are no tables."""
    assert dmn.analyse(dmn.parse(file(literal("1")))) == ()
