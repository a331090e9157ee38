"""`huiyin dmn`: a decision evaluated and explained, a file checked, without a running house."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands.dmn import dmn_commands
from tests.dmn.dmn_files import file, literal, requires, table

GRADES = table(
    ["amount"], ["grade"], [["< 1000", "1"], ["[1000..2000]", "2"], ["[2000..3000)", "3"]]
)


def run(*arguments: str) -> Result:
    """Return what the command says."""
    return CliRunner().invoke(dmn_commands, list(arguments))


@pytest.fixture
def grades(tmp_path: Path) -> str:
    """A table with a gap and an overlap."""
    path = tmp_path / "grades.dmn"
    path.write_bytes(file(GRADES))
    return str(path)


def test_a_decision_is_evaluated_from_a_file(grades: str) -> None:
    """The value alone is JSON for other programs."""
    result = run("evaluate", grades, "--input", '{"amount": 1200}', "--language", "zh")

    assert (result.exit_code, result.stdout) == (0, "2\n")


def test_an_explanation_tells_every_row_and_cell(grades: str) -> None:
    """Inputs, what each cell said, and the row that counted with its annotation."""
    result = run("evaluate", grades, "--input", '{"amount": 1200}', "--explain", "--language", "zh")

    assert result.stdout.splitlines() == [
        "2",
        "决策“d”：2",
        "  输入：amount = 1200",
        "  第 1 行 ROW-1 未命中：amount < 1000 否",
        "  第 2 行 ROW-2 命中：amount [1000..2000] 是 → grade = 2 [Rule: FB-2]",
        "  第 3 行 ROW-3 未命中：amount [2000..3000) 否",
    ]


def test_an_explanation_speaks_english_too(grades: str) -> None:
    """What a cell compared is told with its row and column."""
    result = run("evaluate", grades, "--input", '{"amount": "x"}', "--explain", "--language", "en")

    assert result.exit_code == 1
    assert "  Row 1 ROW-1 does not match: amount < 1000 cannot be told" in result.stdout
    assert "Row 3, column “amount”: Compared a text with a number." in result.stderr


def test_a_decision_that_breaks_its_own_rules_has_no_result(grades: str) -> None:
    """Two rows of a UNIQUE table match."""
    result = run("evaluate", grades, "--input", '{"amount": 2000}', "--language", "zh")

    assert (result.exit_code, result.stdout) == (3, "null\n")
    assert result.stderr == "命中策略为“唯一”（UNIQUE），但第 2、3 行同时命中\n"


def test_required_decisions_are_explained_below(tmp_path: Path) -> None:
    """The decision nobody requires is the one asked for; the chain follows it."""
    path = tmp_path / "chain.dmn"
    path.write_bytes(file(literal("base + 1", "top", requires("base")), literal("x", "base")))

    result = run("evaluate", str(path), "--input", '{"x": 1}', "--explain", "--language", "zh")

    assert result.stdout.splitlines() == ["2", "决策“top”：2", "决策“base”：1"]


def test_imported_files_are_found_beside(tmp_path: Path) -> None:
    """By their namespace; other files of the folder do no harm."""
    (tmp_path / "inner.dmn").write_bytes(file(literal("x * 2", "Double"), namespace="urn:inner"))
    (tmp_path / "broken.dmn").write_bytes(b"<")
    link = '<informationRequirement><requiredDecision href="urn:inner#Double"/>'
    path = tmp_path / "outer.dmn"
    path.write_bytes(
        file(
            '<import name="lib" namespace="urn:inner" importType="dmn"/>',
            literal("lib.Double + 1", extra=link + "</informationRequirement>"),
        )
    )

    assert run("evaluate", str(path), "--input", '{"x": 4}').stdout == "9\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--decision", "gone"], "请用 --decision 指明决策：d"),
        (["--input", "[1]"], "--input 应为 JSON 对象"),
        (["--input", "{"], "--input 不是有效的 JSON"),
        (["--input", '{"a": 1e9999}'], "--input 不是有效的 JSON"),
    ],
)
def test_what_cannot_be_understood_is_refused(grades: str, arguments: list[str], said: str) -> None:
    """Exit code 2 and a sentence."""
    result = run("evaluate", grades, *arguments, "--language", "zh")

    assert (result.exit_code, result.stderr) == (2, f"{said}\n")


def test_a_check_names_file_line_and_row(grades: str) -> None:
    """A contradiction is an error and sets the exit code; a gap is a warning."""
    result = run("check", grades, "--language", "zh")

    assert result.exit_code == 1
    gap, overlap = result.stdout.splitlines()
    assert gap.startswith(f"{grades}:")
    assert gap.endswith("[gap] 警告 d: amount ≥ 3000 没有规则")
    assert overlap.endswith(
        "[overlap] 错误 d: 第 2、3 行同时命中（amount=2000），而命中策略是 UNIQUE"
    )


def test_a_check_of_a_sound_file_says_nothing(tmp_path: Path) -> None:
    """Exit code 0 and no output."""
    path = tmp_path / "sound.dmn"
    path.write_bytes(file(table(["x"], ["y"], [["< 5", "1"], [">= 5", "2"]])))

    assert (run("check", str(path)).exit_code, run("check", str(path)).output) == (0, "")


def test_a_check_says_what_it_could_not_decide(tmp_path: Path) -> None:
    """A cell that reads another variable is named."""
    path = tmp_path / "open.dmn"
    path.write_bytes(file(table(["x"], ["y"], [["> limit", "1"], ["-", "2"]], hit_policy="FIRST")))

    result = run("check", str(path), "--language", "en")

    assert result.exit_code == 0
    assert "Row 1, column “x” was not decided" in result.stdout


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "未知的命中策略“BEST”。可用：UNIQUE、"),
        ("zh-hant", "未知的命中策略「BEST」。可用：UNIQUE、"),
        ("en", "The hit policy 'BEST' is unknown. Use one of UNIQUE, "),
    ],
)
def test_what_to_write_instead_is_told_in_every_language(
    tmp_path: Path, language: str, told: str
) -> None:
    """Behind what is wrong."""
    path = tmp_path / "best.dmn"
    path.write_bytes(file(table(["x"], ["y"], [["-", "1"]], hit_policy="BEST")))

    assert told in run("check", str(path), "--language", language).stderr


def test_a_file_that_cannot_be_read_is_refused_with_its_findings(tmp_path: Path) -> None:
    """Every finding with its line."""
    path = tmp_path / "bad.dmn"
    path.write_bytes(file(literal("1 +")))

    result = run("check", str(path))

    assert result.exit_code == 2
    assert "[feel_syntax]" in result.stderr
