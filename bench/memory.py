"""(h) The memory of a web process in the long run: 100,000 requests of workload W and of inboxes."""

from collections.abc import Sequence
from contextlib import ExitStack

import orjson
import psutil

from bench import load, workload_w, world
from bench.figures import Figure, at_most
from service.usecases.house import House
from tests.services import servers

REQUESTS = 100_000
CASES, PAGES = 500, 500
"""Cases and inbox pages of a round; a case is one start and six completions."""

EARLY = 0.2
"""By then what is kept for good has been filled: prepared statements, definitions, the pools of threads."""

MEMORY_AIM_MB = 120
GROWTH_AIM = 1.05
"""What counts as flat, from `EARLY` to the end."""

PAGE = orjson.dumps(
    {"filter": {"state": "CREATED"}, "sort": [{"field": "dueDate", "order": "ASC"}]}
)


def measure() -> list[Figure]:
    """Return the figures, of the larger of two web processes."""
    with ExitStack() as stack:
        parts, _ = stack.enter_context(servers.house_on_postgresql(web_processes="2"))
        house = world.make(parts.settings)
        address = parts.web(processes=2)
        web = psutil.Process(parts.parts[-1].process.pid)
        headers = world.headers(house)
        sent, seen = 0, [(0, _largest(web))]
        while sent < REQUESTS:
            sent += _round(house, address, headers)
            seen.append((sent, _largest(web)))
        house.database.engine.dispose()
    early = next(memory for number, memory in seen if number >= EARLY * REQUESTS)
    last = seen[-1][1]
    return [
        Figure("memory.first", "a web process before the first request", seen[0][1], "MB"),
        Figure("memory.early", f"... after {EARLY * REQUESTS:,.0f} requests to both", early, "MB"),
        at_most("memory.last", f"... after {sent:,}", last, "MB", MEMORY_AIM_MB),
        at_most("memory.growth", "... the latter to the former", last / early, "×", GROWTH_AIM),
    ]


def _round(house: House, address: str, headers: Sequence[dict[str, str]]) -> int:
    """Take cases from start to end and look at inboxes; return how many requests that were."""
    starts = workload_w.starts(CASES)
    done = load.run([address], starts, headers, workload_w.CLIENTS)
    for step in workload_w.STEPS:
        done += load.run_shares([address], workload_w.completions(house, step, headers))
    pages = [load.Request("POST", "/v2/user-tasks/search", PAGE)] * PAGES
    done += load.run([address], pages, headers, workload_w.CLIENTS)
    return len(done.lasted)


def _largest(web: psutil.Process) -> float:
    """Return what the larger process has in memory, shared pages included."""
    return float(max(child.memory_info().rss for child in web.children())) / 1e6
