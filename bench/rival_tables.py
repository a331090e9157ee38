"""Run by the rivals' interpreter: times a table, its rows as expressions, with bkflow-feel and pySFeel.

Reads {rows: [expression], inputs: [variables]} and writes {library: seconds an evaluation, or null};
null where the library raises or finds another row. Knows nothing of the house.
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import pySFeel
from bkflow_feel import parser, transformer

logging.disable(logging.CRITICAL)
_ROUNDS = 3


def bkflow(rows: list[str]) -> Callable[[dict[str, Any]], int]:
    """Return the first row that holds, the rows being parsed before, bkflow-feel's quickest way."""
    trees = [transformer.transform(parser.parse(row)) for row in rows]
    return lambda given: next(at for at, tree in enumerate(trees) if tree.evaluate(given) is True)


def pysfeel(rows: list[str]) -> Callable[[dict[str, Any]], int]:
    """Return the first row that holds; pySFeel parses each time and keeps variables set before."""
    feel = pySFeel.SFeelParser()

    def decide(given: dict[str, Any]) -> int:
        for name, value in given.items():
            feel.sFeelParse(f"{name} <- {json.dumps(value)}")
        return next(at for at, row in enumerate(rows) if feel.sFeelParse(row)[1] is True)

    return decide


def seconds(
    prepare: Callable[[list[str]], Callable[[dict[str, Any]], int]], asked: dict[str, Any]
) -> float | None:
    """Return what one evaluation takes, or None when it finds a wrong row."""
    try:
        decide = prepare(asked["rows"])
        if [decide(given) for given in asked["inputs"]] != asked["expected"]:
            return None
    except Exception:
        return None
    lasted = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        for given in asked["inputs"]:
            decide(given)
        lasted.append(time.perf_counter() - began)
    return min(lasted) / len(asked["inputs"])


def main() -> None:
    """Time the table with every library."""
    asked = json.load(sys.stdin)
    libraries = {"bkflow-feel": bkflow, "pySFeel": pysfeel}
    json.dump({name: seconds(prepare, asked) for name, prepare in libraries.items()}, sys.stdout)


if __name__ == "__main__":
    main()
