"""(e) Workload W: cases from start to end over HTTP, beside this machine's limits and the naive program.

A case starts with 2 KB of JSON; a table of ten rules, a gateway; then two tasks, three signers at once, a
last task: six completions. Rights are checked, forms validated, the whole history is written.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from urllib.request import urlopen

import orjson
import psutil
from sqlalchemy import select

from bench import load, machine, world
from bench.figures import Figure, at_least, at_most
from bench.processor import Meter
from service.persistence.tables import tasks
from service.usecases.house import House
from tests.services import servers

ROUNDS, CASES = 6, 80
"""The house and the naive program are measured by turns, so many cases at a time: the machine's own speed
changes from one minute to the next."""
WARM_UP = 60
CLIENTS = 8
SIGNERS = 3
STEPS = ("receive", "handle", "sign", "close")

COMPLETIONS_AIM = 450
COMPLETION_P95_AIM_MS = 30
STARTS_AIM = 300

STEP = {
    "handled_by": "王芳",
    "result": "换货",
    "cost": 1200,
    "note": "已与顾客确认换货数量与地址。",
    "told_customer": True,
    "phone": "13800138000",
}
OPINION = {"opinion": "同意", "reason": "符合规定"}


@dataclass(frozen=True)
class Run:
    """Cases from start to end: how long starts and completions took.

    Attributes:
        computed: Seconds of web and database for the starts, and for the completions.
    """

    started: load.Load
    completed: load.Load
    computed: Sequence[Sequence[float]]

    def __add__(self, other: "Run") -> "Run":
        """Return two runs, one after the other, as one."""
        return Run(
            self.started + other.started,
            self.completed + other.completed,
            [
                [a + b for a, b in zip(one, another, strict=True)]
                for one, another in zip(self.computed, other.computed, strict=True)
            ],
        )


def measure() -> list[Figure]:
    """Return the figures of W on PostgreSQL with fsync on, 2 web processes, 8 clients."""
    with ExitStack() as stack:
        parts, _ = stack.enter_context(servers.house_on_postgresql(web_processes="2"))
        url = parts.environment["HUIYIN_DATABASE_URL"]
        limits = machine.commits(url) + machine.requests(url)
        house = world.make(parts.settings)
        address = parts.web(processes=2)
        web = parts.parts[-1].process.pid
        worker = parts.worker()
        parts.beat()
        servers.until(lambda: servers.status(f"{address}/readyz") == 200, "/readyz", worker)
        headers = world.headers(house)
        meter = Meter(house, web)
        naive_address = machine.flask_program(parts, "bench.naive.app:app", url)
        _run(house, meter, address, headers, WARM_UP)
        _run_naive(naive_address, WARM_UP)
        rounds = [
            (_run(house, meter, address, headers, CASES), _run_naive(naive_address, CASES))
            for _round in range(ROUNDS)
        ]
        memory = max(child.memory_info().rss for child in psutil.Process(web).children())
        house.database.engine.dispose()
    ours = reduce(add, (run for run, _naive in rounds))
    naive = reduce(add, (run for _ours, run in rounds))
    return [*limits, *_figures(ours, memory / 2**20), *_ratios(limits, ours, naive)]


def _run(
    house: House, meter: Meter, address: str, headers: Sequence[Mapping[str, str]], cases: int
) -> Run:
    """Start cases and complete all their tasks."""
    looks = [meter.each()]
    started = load.run([address], starts(cases), headers, CLIENTS)
    looks.append(meter.each())
    completed = load.Load(0, [])
    for step in STEPS:
        completed += load.run_shares([address], completions(house, step, headers))
    looks.append(meter.each())
    assert len(completed.lasted) == cases * (len(STEPS) - 1 + SIGNERS), len(completed.lasted)
    computed = [
        [after - before for before, after in zip(*pair, strict=True)] for pair in pairwise(looks)
    ]
    return Run(started, completed, computed)


def _run_naive(address: str, cases: int) -> Run:
    """Start cases of the naive program and complete all their tasks."""
    bodies = [orjson.dumps(payload(n)) for n in range(cases)]
    begun = [load.Request("POST", "/start", body, expected=204) for body in bodies]
    started = load.run([address], begun, [{}], CLIENTS)
    completed = load.Load(0, [])
    for step in STEPS:
        with urlopen(f"{address}/tasks/{step}", timeout=load.TIMEOUT_S) as answer:
            ids = orjson.loads(answer.read())
        body = orjson.dumps(OPINION if step == "sign" else STEP)
        sent = [load.Request("POST", f"/tasks/{one}/complete", body, expected=204) for one in ids]
        completed += load.run([address], sent, [{}], CLIENTS)
    return Run(started, completed, ())


def starts(cases: int) -> list[load.Request]:
    """Return the requests that start that many cases."""
    return [load.Request("POST", "/v2/process-instances", _start(n)) for n in range(cases)]


def completions(
    house: House, step: str, headers: Sequence[Mapping[str, str]]
) -> list[tuple[Mapping[str, str], list[load.Request]]]:
    """Return for each clerk the completions he sends: of what is his, of what nobody has a share."""
    table = tasks.user_tasks
    query = select(table.c.key, table.c.assignee)
    query = query.where(table.c.element_id == step, table.c.state == "CREATED").order_by(
        table.c.key
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    body = orjson.dumps({"variables": OPINION if step == "sign" else STEP})
    shares: list[list[load.Request]] = [[] for _ in headers]
    for number, row in enumerate(rows):
        clerk = number % len(headers) if row.assignee is None else _number_of(row.assignee)
        path = f"/v2/user-tasks/{row.key}/completion"
        shares[clerk].append(load.Request("POST", path, body, expected=204))
    return list(zip(headers, shares, strict=True))


def _start(number: int) -> bytes:
    return orjson.dumps({"processDefinitionId": "workload_w", "variables": payload(number)})


def payload(number: int) -> dict[str, object]:
    """Return the 2 KB that a case starts with; its signers are three of the clerks."""
    clerks = world.clerks()
    lines = [
        {"sku": f"NB-{number:04d}-{line}", "quantity": line * 10, "name": "胶装笔记本 A5 80 页"}
        for line in range(16)
    ]
    return {
        "amount": 36000,
        "customer_kind": "普通",
        "channel": "TEL",
        "signers": [clerks[(number + n) % len(clerks)] for n in range(SIGNERS)],
        "customer": {"name": "晨光文具（苏州）有限公司", "address": "苏州工业园区星湖街 1 号" * 4},
        "lines": lines,
        "problem": "收到的笔记本开胶，共 120 箱，要求尽快处理。" * 5,
    }


def _number_of(clerk: str) -> int:
    return world.clerks().index(clerk)


def _figures(run: Run, memory: float) -> list[Figure]:
    """Return the figures of the house; `memory` in MiB."""
    started, completed = run.started, run.completed
    of_start = [seconds / len(started.lasted) for seconds in run.computed[0]]
    of_completion = [seconds / len(completed.lasted) for seconds in run.computed[1]]
    label = f"W: completions, {CLIENTS} clients"
    return [
        at_least("w.completions", label, completed.per_second, "/s", COMPLETIONS_AIM),
        Figure("w.completion_p50", "W: completion p50", completed.p50_ms, "ms"),
        at_most(
            "w.completion_p95", "W: completion p95", completed.p95_ms, "ms", COMPLETION_P95_AIM_MS
        ),
        Figure(
            "w.completion_web", "W: a completion, processor time, web", of_completion[0] * 1e3, "ms"
        ),
        Figure("w.completion_db", "W: …, database", of_completion[1] * 1e3, "ms"),
        Figure("w.completion_load", "W: …, the load itself", completed.own_ms, "ms"),
        at_least("w.starts", f"W: starts, {CLIENTS} clients", started.per_second, "/s", STARTS_AIM),
        Figure("w.start_p95", "W: start p95", started.p95_ms, "ms"),
        Figure("w.start_web", "W: a start, processor time, web", of_start[0] * 1e3, "ms"),
        Figure("w.start_db", "W: …, database", of_start[1] * 1e3, "ms"),
        Figure("w.memory", "W: memory of a web process, resident", memory, "MiB"),
    ]


def _ratios(limits: Sequence[Figure], run: Run, naive: Run) -> list[Figure]:
    """Return completions and starts as shares of what the machine and the naive program do."""
    ours, theirs = run.completed.per_second, naive.completed.per_second
    figures = [
        Figure("w.naive_completions", "naive SpiffWorkflow: completions", theirs, "/s"),
        Figure("w.naive_p95", "naive SpiffWorkflow: completion p95", naive.completed.p95_ms, "ms"),
        Figure("w.naive_starts", "naive SpiffWorkflow: starts", naive.started.per_second, "/s"),
        Figure("w.to_naive", "W: completions to the naive program's", ours / theirs, "×"),
        Figure(
            "w.starts_to_naive",
            "W: starts to the naive program's",
            run.started.per_second / naive.started.per_second,
            "×",
        ),
    ]
    for limit in limits:
        if limit.id == "machine.commits_1":
            continue
        name = limit.id.removeprefix("machine.")
        label = f"W: completions to {limit.label.split(',')[0]}"
        figures.append(Figure(f"w.to_{name}", label, ours / limit.value, "×"))
    return figures
