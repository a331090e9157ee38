"""Expressions and unary tests with their values, from the case files beside this module."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.feel import (
    Surroundings,
    compile_expression,
    compile_unary_tests,
    from_json,
    to_json,
)

HERE = Path(__file__).parent
OFFICE = Surroundings(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    cases: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return cases


EXPRESSIONS = [
    pytest.param(case, id=f"{path.stem}-{case['id']}")
    for path in sorted((HERE / "cases").glob("*.json"))
    for case in read(path)
]
UNARY = [pytest.param(case, id=case["id"]) for case in read(HERE / "cases_unary.json")]


@pytest.mark.parametrize("case", EXPRESSIONS)
def test_an_expression_has_the_value_its_source_says(case: dict[str, Any]) -> None:
    """Each line of the case files is one expression, its variables and its value as JSON."""
    expression = compile_expression(case["given"]["text"])

    outcome = expression.evaluate(from_json(case["given"]["context"]), OFFICE)

    value = to_json(outcome.value)
    assert value == case["expect"]
    assert type(value) is type(case["expect"])


@pytest.mark.parametrize("case", UNARY)
def test_a_cell_meets_its_input_as_its_source_says(case: dict[str, Any]) -> None:
    """Each line of the file is one cell, its input and whether it is met."""
    tests = compile_unary_tests(case["given"]["text"])

    assert tests.evaluate(from_json(case["given"]["value"]), {}, OFFICE).value is case["expect"]
