"""(f) FEEL: a compiled expression against a lambda over Decimals, and against other libraries."""

import json
import subprocess
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import geometric_mean
from typing import Any
from zoneinfo import ZoneInfo

from bench import rival_expressions, rivals
from bench.figures import Figure, at_least, at_most
from service.feel import Surroundings, compile_expression, compile_unary_tests, from_json

AIM = 5
"""A compiled expression costs at most so many times the lambda."""
_ROUNDS = 60
_TURNS = 3
_TIMES = 500
_OFFICE = Surroundings(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
_VARIABLES: dict[str, Any] = {
    "amount": 1200,
    "severity": 1,
    "status": "open",
    "level": "gold",
    "vip": False,
    "customer": {"level": "gold", "years": 3},
    "items": [1, 2, 3, 4],
    "grade": None,
}
_FEEL = from_json(_VARIABLES)
_1, _3, _5, _100, _500 = map(Decimal, (1, 3, 5, 100, 500))
_RATE, _1000 = Decimal("0.13"), Decimal(1000)


@dataclass(frozen=True)
class Case:
    """An expression and the lambda a programmer would write in its place.

    Attributes:
        id: Stable name.
        by_hand: Over the variables; of a cell, over the input's value.
        value: Of a cell: the input; None for a condition.
    """

    id: str
    text: str
    by_hand: Callable[[Any], Any]
    value: Any = None


CONDITIONS = (
    Case(
        "and",
        "amount > 1000 and severity = 1",
        lambda v: v["amount"] > _1000 and v["severity"] == _1,
    ),
    Case("text", 'status = "open"', lambda v: v["status"] == "open"),
    Case("calculation", "amount * 0.13 + 5 > 100", lambda v: v["amount"] * _RATE + _5 > _100),
    Case("range", "amount in [100..500]", lambda v: _100 <= v["amount"] <= _500),
    Case("between", "amount between 100 and 500", lambda v: _100 <= v["amount"] <= _500),
    Case(
        "path",
        'customer.years >= 3 and customer.level = "gold"',
        lambda v: v["customer"]["years"] >= _3 and v["customer"]["level"] == "gold",
    ),
    Case("list", 'level in ("gold", "vip")', lambda v: v["level"] in ("gold", "vip")),
    Case(
        "functions",
        "not(vip) and count(items) > 3",
        lambda v: (not v["vip"]) and Decimal(len(v["items"])) > _3,
    ),
    Case(
        "if",
        'if amount > 1000 then "A" else "B"',
        lambda v: "A" if v["amount"] > _1000 else "B",
    ),
    Case("null", "grade = null", lambda v: v["grade"] is None),
)
CELLS = (
    Case("above", "> 1000", lambda value: value > _1000, Decimal(1200)),
    Case("interval", "[100..500]", lambda value: _100 <= value <= _500, Decimal(300)),
    Case("texts", '"gold", "vip"', lambda value: value in ("gold", "vip"), "vip"),
    Case("negated", 'not("open")', lambda value: value != "open", "closed"),
    Case("number", "1", lambda value: value == _1, Decimal(1)),
)


def measure() -> list[Figure]:
    """Return the ratio to a lambda for each case, and how far ahead of each library we are."""
    figures = [_condition(case) for case in CONDITIONS] + [_cell(case) for case in CELLS]
    interpreter = rivals.python()
    return figures if interpreter is None else figures + _ahead(interpreter)


def _condition(case: Case) -> Figure:
    expression = compile_expression(case.text)
    assert expression.evaluate(_FEEL, _OFFICE).value == case.by_hand(_FEEL), case.text
    ours, theirs = _both(lambda: expression.evaluate(_FEEL, _OFFICE), lambda: case.by_hand(_FEEL))
    return at_most(f"feel.{case.id}", f"FEEL: {case.text}", ours / theirs, "lambdas", AIM)


def _cell(case: Case) -> Figure:
    tests = compile_unary_tests(case.text)
    assert tests.evaluate(case.value, {}, _OFFICE).value == case.by_hand(case.value), case.text
    evaluate, by_hand, value = tests.evaluate, case.by_hand, case.value
    ours, theirs = _both(lambda: evaluate(value, {}, _OFFICE), lambda: by_hand(value))
    return at_most(
        f"feel.cell_{case.id}", f"FEEL, cell: {case.text}", ours / theirs, "lambdas", AIM
    )


def _both(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds of each, taken turn by turn so that a busy machine is so for both."""
    best_of_one = best_of_other = float("inf")
    for _ in range(_ROUNDS):
        best_of_one = min(best_of_one, timeit.timeit(one, number=_TIMES))
        best_of_other = min(best_of_other, timeit.timeit(other, number=_TIMES))
    return best_of_one / _TIMES, best_of_other / _TIMES


def _ahead(interpreter: Path) -> list[Figure]:
    """Return how many times quicker we are, as geometric mean over what a library gets right."""
    given = [
        {"text": case.text, "variables": _VARIABLES, "expected": case.by_hand(_FEEL)}
        for case in CONDITIONS
    ]
    rounds = [_timed(interpreter, given) for _ in range(_TURNS)]
    ours = [min(taken) for taken in zip(*(own for own, _ in rounds), strict=True)]
    figures = []
    for library in rounds[0][1]:
        theirs = [
            min(taken, key=lambda seconds: seconds or 0)
            for taken in zip(*(other[library] for _, other in rounds), strict=True)
        ]
        ratios = [
            seconds / own for own, seconds in zip(ours, theirs, strict=True) if seconds is not None
        ]
        label = f"FEEL: quicker than {library} ({len(ratios)} of {len(ours)} it gets right)"
        figures.append(at_least(f"feel.{library}", label, geometric_mean(ratios), "times", 1))
    return figures


def _timed(
    interpreter: Path, given: list[dict[str, Any]]
) -> tuple[list[float], dict[str, list[float | None]]]:
    """Return the seconds of each case: ours, and those of each library."""
    script = Path(__file__).with_name("rival_expressions.py")
    told = subprocess.run(
        [str(interpreter), str(script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return [_seconds(case) for case in CONDITIONS], json.loads(told.stdout)


def _seconds(case: Case) -> float:
    expression = compile_expression(case.text)
    run = timeit.repeat(
        lambda: expression.evaluate(_FEEL, _OFFICE),
        number=rival_expressions.TIMES,
        repeat=rival_expressions.ROUNDS,
    )
    return min(run) / rival_expressions.TIMES
