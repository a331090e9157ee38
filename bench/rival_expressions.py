"""Run by the rivals' interpreter: times expressions with bkflow-feel and pySFeel.

Reads a JSON list of {text, variables, expected} and writes {library: [seconds an evaluation or null]};
null where the library raises or gives another value. Knows nothing of the house.
"""

import importlib
import json
import logging
import sys
import timeit
from collections.abc import Callable
from typing import Any

logging.disable(logging.CRITICAL)
ROUNDS = 60
TIMES = 30


def bkflow(case: dict[str, Any]) -> Callable[[], Any]:
    """Return the evaluation of an expression that was parsed before, bkflow-feel's quickest way."""
    library = importlib.import_module("bkflow_feel")
    tree = library.transformer.transform(library.parser.parse(case["text"]))
    return lambda: tree.evaluate(case["variables"])


def pysfeel(case: dict[str, Any]) -> Callable[[], Any]:
    """Return the evaluation by pySFeel, which parses each time; its variables are set once."""
    feel = importlib.import_module("pySFeel").SFeelParser()
    for name, value in case["variables"].items():
        feel.sFeelParse(f"{name} <- {json.dumps(value)}")
    return lambda: feel.sFeelParse(case["text"])[1]


def seconds(
    prepare: Callable[[dict[str, Any]], Callable[[], Any]], case: dict[str, Any]
) -> float | None:
    """Return what one evaluation takes, or None when its value is wrong."""
    try:
        evaluate = prepare(case)
        if evaluate() != case["expected"]:
            return None
    except Exception:
        return None
    return min(timeit.repeat(evaluate, number=TIMES, repeat=ROUNDS)) / TIMES


def main() -> None:
    """Time every case with every library."""
    cases = json.load(sys.stdin)
    libraries = {"bkflow-feel": bkflow, "pySFeel": pysfeel}
    json.dump(
        {name: [seconds(prepare, case) for case in cases] for name, prepare in libraries.items()},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
