"""FEEL on the command line."""

import json

from click.testing import CliRunner

from service.cli import main


def test_an_expression_is_answered_as_json() -> None:
    """The value is JSON on stdout, and nothing noticed is exit code 0."""
    result = CliRunner().invoke(main, ["feel", "{总额: 单价 * 3}", "--input", '{"单价": 0.1}'])

    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {"总额": 0.3}


def test_what_was_noticed_is_told_beside_the_value() -> None:
    """Diagnostics go to stderr with place and kind, and the exit code is 1."""
    result = CliRunner().invoke(main, ["feel", "amuont > 1", "--input", '{"amount": 2}'])

    assert (result.exit_code, result.stdout) == (1, "null\n")
    assert "1:1 [variable_not_found] 找不到变量“amuont”。你是不是想写“amount”？" in result.stderr


def test_a_cell_is_checked_against_a_value() -> None:
    """`--value` reads the text as a decision table's cell."""
    result = CliRunner().invoke(main, ["feel", "[1..5), > 9", "--value", "5"])

    assert (result.exit_code, result.stdout) == (0, "false\n")


def test_no_feel_is_refused_in_the_language_asked_for() -> None:
    """A syntax error is exit code 2 and one sentence; so is input that is no JSON."""
    result = CliRunner().invoke(main, ["feel", "1 +", "--language", "en"])
    broken = CliRunner().invoke(main, ["feel", "1", "--input", "{"])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Line 1, column 4: expected an expression")
    assert (broken.exit_code, broken.stdout) == (2, "")


def test_working_time_may_be_asked_for() -> None:
    """The calendar's functions are there, on the calendar of mainland China."""
    text = 'is working day(date("2026-10-01"))'

    assert CliRunner().invoke(main, ["feel", text]).stdout == "false\n"
