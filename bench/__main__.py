"""`python -m bench`: measures, prints one table, writes `bench/results/<date>.json`."""

import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version

from bench import end_to_end, engine_alone, machine, timers
from bench.figures import Figure, keep, table


def main() -> None:
    """Measure everything, one part after another."""
    began = time.monotonic()
    figures: list[Figure] = []
    for name, measure in (
        ("engine alone", engine_alone.measure),
        ("empty requests", lambda: [machine.empty_request()]),
        ("SQLite", end_to_end.on_sqlite),
        ("PostgreSQL", end_to_end.on_postgresql),
        ("timers", timers.measure),
    ):
        sys.stderr.write(f"measuring: {name} ...\n")
        figures += measure()
    print(table(figures))
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
