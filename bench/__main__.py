"""`python -m bench [PART ...]`: measures, prints one table, writes `bench/results/<date>.json`.

Without a part all but the long ones are measured; parts that are named are measured and written to no file.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

from bench import end_to_end, engine_alone, expressions, inbox, memory, single, timers, workload_w
from bench.decision_tables import measure as decision_tables
from bench.figures import Figure, keep, table

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "engine": engine_alone.measure,
    "dmn": decision_tables,
    "sqlite": end_to_end.on_sqlite,
    "postgresql": end_to_end.on_postgresql,
    "w": workload_w.measure,
    "single": single.measure,
    "inbox": inbox.measure,
    "inbox-many": inbox.measure_many,
    "memory": memory.measure,
    "timers": timers.measure,
    "feel": expressions.measure,
}
LONG = frozenset({"inbox-many", "memory"})
"""Parts that take many minutes: only when they are named."""


def main() -> None:
    """Measure the parts that are asked for, one after another."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    asked: list[str] = parser.parse_args().parts
    began = time.monotonic()
    figures: list[Figure] = []
    for name in asked or [name for name in PARTS if name not in LONG]:
        sys.stderr.write(f"measuring: {name} ...\n")
        figures += PARTS[name]()
    print(table(figures))
    if asked:
        return
    circumstances: dict[str, object] = {
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "sqlalchemy": version("sqlalchemy"),
        "seconds": round(time.monotonic() - began),
    }
    path = keep(figures, datetime.now(UTC).date(), circumstances)
    print(f"\nwritten to bench/results/{path.name}")


if __name__ == "__main__":
    main()
