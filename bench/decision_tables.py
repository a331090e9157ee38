"""DMN: a table against an `if` chain and other libraries; FB-D1 explained; the analysis of a wide table."""

import json
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs import model as spiff

from bench import rivals
from bench.figures import Figure, at_least, at_most
from bench.wide_tables import WIDE, wide_file
from service import dmn, feel

CHAIN_AIM = 10
"""A table of 6 × 100 costs at most so many times the `if` chain written by hand."""
EXPLAINED_AIM_S = 10
ANALYSIS_AIM_MS = 300
ROWS = 100
EXPLAINED = 100_000
_ROUNDS = 15
_OFFICE = feel.Surroundings(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
_GRADE = Path("processes/customer_feedback/severity_grade.dmn")
_COMPLAINT = {
    "dissatisfaction": "一般抱怨",
    "customer_class": "重要客户",
    "same_problem_count": 1,
    "boxes": 50,
    "amount": 999,
    "defect_class": "一般缺陷",
}
_NAMES = ("amount", "area", "level", "days", "urgent", "source")


def cells(row: int) -> tuple[str, ...]:
    """Return the FEEL cells of a row; all six say something, and exactly one row fits an input."""
    low = row // 10 * 100
    return (f"[{low}..{low + 100})", f'"{row % 10}"', ">= 1", "[0..30]", "true", 'not("none")')


def inputs() -> list[dict[str, Any]]:
    """Return an input for every tenth row or so, in JSON values."""
    return [
        {
            "amount": row // 10 * 100 + 7,
            "area": str(row % 10),
            "level": 3,
            "days": 12,
            "urgent": True,
            "source": "phone",
        }
        for row in range(0, ROWS, 9)
    ]


def measure() -> list[Figure]:
    """Return the ratios to an `if` chain and to other libraries, and the seconds and milliseconds."""
    ours, by_hand = _ours(), _by_hand()
    given = [{name: feel.from_json(value) for name, value in one.items()} for one in inputs()]
    assert [feel.to_json(ours(one)) for one in given] == [by_hand(one) for one in given]
    pairs = [(_seconds(ours, given, 20), _seconds(by_hand, given, 100)) for _ in range(_ROUNDS)]
    table_s, chain_s = (min(column) for column in zip(*pairs, strict=True))
    return [
        Figure(
            "dmn.table",
            f"a table of 6 × {ROWS}, evaluated with every cell kept",
            table_s * 1e6,
            "µs",
        ),
        at_most(
            "dmn.chain_ratio",
            "that to an if chain over Decimals",
            table_s / chain_s,
            "×",
            CHAIN_AIM,
        ),
        *_rivals(table_s),
        *_explained(),
        _analysis(),
    ]


def _ours() -> Callable[[Mapping[str, Any]], Any]:
    rules = [[*cells(row), str(row)] for row in range(ROWS)]
    definitions = dmn.parse(wide_file(_NAMES, rules, "FIRST"), "bench.dmn")
    return lambda given: dmn.evaluate(definitions, "d", given, _OFFICE).value


def _by_hand() -> Callable[[Mapping[str, Any]], Any]:
    """Return the function a programmer would write: one `if` a row, constants made before."""
    lines = ["def decide(v):", "    amount, area, level, days, urgent, source = "]
    lines[-1] += ", ".join(f"v[{name!r}]" for name in _NAMES)
    numbers = {f"N{n}": Decimal(n) for n in (0, 1, 30, *range(0, 1100, 100))}
    for row in range(ROWS):
        low = row // 10 * 100
        lines.append(
            f"    if N{low} <= amount < N{low + 100} and area == '{row % 10}' and level >= N1 "
            f"and N0 <= days <= N30 and urgent is True and source != 'none': return {row}"
        )
    scope: dict[str, Any] = dict(numbers)
    exec("\n".join(lines), scope)
    decide: Callable[[Mapping[str, Any]], Any] = scope["decide"]
    return decide


def _seconds(
    decide: Callable[[Mapping[str, Any]], Any], given: Sequence[Mapping[str, Any]], times: int
) -> float:
    """Return what one evaluation takes over all inputs alike, the least of three rounds."""

    def all_inputs() -> None:
        for one in given:
            decide(one)

    return min(timeit.repeat(all_inputs, number=times, repeat=3)) / times / len(given)


def _rivals(table_s: float) -> list[Figure]:
    found = {"SpiffWorkflow": _seconds(_spiff(), inputs(), 1)}
    interpreter = rivals.python()
    if interpreter is not None:
        rows = [_condition(row) for row in range(ROWS)]
        asked = json.dumps(
            {"rows": rows, "inputs": inputs()[::3], "expected": list(range(0, ROWS, 27))}
        )
        script = str(Path(__file__).with_name("rival_tables.py"))
        done = subprocess.run(
            [str(interpreter), script], input=asked, capture_output=True, text=True, check=True
        )
        found |= {name: seconds for name, seconds in json.loads(done.stdout).items() if seconds}
        missing = [name for name, seconds in json.loads(done.stdout).items() if not seconds]
        for name in missing:
            sys.stderr.write(f"{name} gives a wrong row: not compared\n")
    return [
        at_least(f"dmn.ahead_{name}", f"{name}, the same table, to ours", seconds / table_s, "×", 1)
        for name, seconds in found.items()
    ]


def _condition(row: int) -> str:
    """Return a row as one expression, for libraries that have no tables.

    In brackets, because pySFeel reads `a and b` wrongly without.
    """
    low = row // 10 * 100
    first, *rest = (
        f"(amount >= {low})", f"(amount < {low + 100})", f'(area = "{row % 10}")', "(level >= 1)",
        "(days >= 0)", "(days <= 30)", "(urgent = true)", '(source != "none")',
    )  # fmt: skip
    return reduce(lambda whole, part: f"({whole} and {part})", rest, first)


def _spiff() -> Callable[[Mapping[str, Any]], Any]:
    """Return SpiffWorkflow's own DMN engine over the same table, in its dialect (Python cells)."""
    table = spiff.DecisionTable("t", "t", "UNIQUE")
    table.inputs = [spiff.Input(name, name, name, name, "") for name in _NAMES]
    table.outputs = [spiff.Output("out", "out", "out", "number")]
    for row in range(ROWS):
        low = row // 10 * 100
        texts = (
            f"{low} <= ? < {low + 100}", f"'{row % 10}'", ">= 1", "0 <= ? <= 30", "True", "? != 'none'"
        )  # fmt: skip
        rule = spiff.Rule(f"r{row}")
        for column, text in zip(table.inputs, texts, strict=True):
            entry = spiff.InputEntry(f"{rule.id}_{column.id}", column)
            entry.lhs.append(text)
            rule.inputEntries.append(entry)
        output = spiff.OutputEntry(f"{rule.id}_out", table.outputs[0])
        output.text = str(row)
        rule.outputEntries.append(output)
        table.rules.append(rule)
    engine, script_engine = DMNEngine(table), PythonScriptEngine()

    def decide(given: Mapping[str, Any]) -> Any:
        task = SimpleNamespace(
            data=dict(given), workflow=SimpleNamespace(script_engine=script_engine)
        )
        return engine.result(task)["out"]

    assert decide(inputs()[1]) == 9
    return decide


def _explained() -> list[Figure]:
    """Return the seconds of 100,000 evaluations of FB-D1, each with its explanation."""
    definitions = dmn.parse(_GRADE.read_bytes(), _GRADE.name)
    given = {name: feel.from_json(value) for name, value in _COMPLAINT.items()}
    began = time.process_time()
    for _ in range(EXPLAINED):
        outcome = dmn.evaluate(definitions, "severity_grade", given, _OFFICE)
        [explanation] = dmn.explain(definitions, outcome)
    lasted = time.process_time() - began
    assert explanation.rows[7].counts
    label = f"{EXPLAINED:,} × FB-D1 with explanation, one core"
    return [at_most("dmn.explained", label, lasted, "s", EXPLAINED_AIM_S)]


def _analysis() -> Figure:
    """Return the milliseconds to analyse a table of 200 rows × 8 inputs, the slowest of some kinds."""
    slowest = 0.0
    for rules, hit_policy in WIDE:
        names = [f"c{at}" for at in range(len(rules[0]) - 1)]
        file = wide_file(names, rules, hit_policy)
        lasted = []
        for _ in range(3):
            definitions = dmn.parse(file, "bench.dmn")
            began = time.process_time()
            [analysis] = dmn.analyse(definitions)
            lasted.append(time.process_time() - began)
            assert all(one.reason != "too_complex" for one in analysis.undecided)
        slowest = max(slowest, median(lasted))
    label = "analyse 200 rows × 8 inputs, slowest of six tables"
    return at_most("dmn.analysis", label, slowest * 1000, "ms", ANALYSIS_AIM_MS)
