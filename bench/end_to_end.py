"""(b) End to end over HTTP with 2 web processes, and (c) what such a process holds in memory."""

from contextlib import ExitStack
from statistics import mean

import orjson
import psutil

from bench import load, machine, world
from bench.figures import Figure, at_least, at_most
from bench.processor import Meter
from service.usecases.house import House
from tests.services import servers
from tests.services.browser import Visitor

CLIENTS = 8
CASES = 600
WARM_UP = 80
INBOX_TASKS = 20_000
INBOX_PAGES = 200
COMPLETIONS_AIM = 200
INBOX_AIM_MS = 60

VALUES = {
    "customer_name": "晨光文具（苏州）有限公司",
    "problem_type": "装订类产品开胶",
    "amount": 36000,
    "problem_desc": "收到的笔记本开胶，共 120 箱，要求尽快处理。" * 3,
    "contact_phone": "13800138000",
}
START = orjson.dumps({"processDefinitionId": "bench_feedback", "variables": {"channel": "TEL"}})
COMPLETE = orjson.dumps({"variables": VALUES})


def on_sqlite() -> list[Figure]:
    """Return the figures on SQLite (WAL, full sync) with the embedded broker."""
    with servers.house(web_processes="2") as parts, servers.valkey(parts.folder / "data/broker"):
        return _explained(parts, "sqlite", "SQLite", is_aim=False)


def on_postgresql() -> list[Figure]:
    """Return the figures on PostgreSQL with fsync on, and that server's own limits."""
    with ExitStack() as stack:
        parts, _ = stack.enter_context(servers.house_on_postgresql(web_processes="2"))
        limits = machine.commits(parts.environment["HUIYIN_DATABASE_URL"])
        return limits + _explained(parts, "postgresql", "PostgreSQL", is_aim=True)


def _explained(parts: servers.House, group: str, name: str, *, is_aim: bool) -> list[Figure]:
    try:
        return _measure(parts, group, name, is_aim=is_aim)
    except AssertionError as error:
        logs = "\n".join(f"--- {part.name}\n{part.text()[-3000:]}" for part in parts.parts)
        raise AssertionError(f"{error}\n{logs}") from error


def _measure(parts: servers.House, group: str, name: str, *, is_aim: bool) -> list[Figure]:
    house = world.make(parts.settings)
    address = parts.web(processes=2)
    web = parts.parts[-1]
    worker = parts.worker()
    parts.beat()
    servers.until(lambda: servers.status(f"{address}/readyz") == 200, "/readyz", worker)
    headers = world.headers(house)
    _start(address, headers, WARM_UP)
    _complete(house, address, headers, "receive_feedback")
    started = _start(address, headers, CASES)
    meter = Meter(house, web.process.pid)
    before = meter.seconds()
    received = _complete(house, address, headers, "receive_feedback")
    defined = _complete(house, address, headers, "define_problem")
    computed = meter.seconds() - before
    both = load.Load(received.seconds + defined.seconds, [*received.lasted, *defined.lasted])
    world.fill(house, INBOX_TASKS)
    label = f"{name}: user-task completions, {CLIENTS} clients"
    rate = both.per_second
    figures = [
        at_least(f"{group}.completions", label, rate, "/s", COMPLETIONS_AIM)
        if is_aim
        else Figure(f"{group}.completions", label, rate, "/s"),
        Figure(f"{group}.completion_p95", f"{name}: completion p95", both.p95_ms, "ms"),
        Figure(
            f"{group}.completion_cpu",
            f"{name}: processor time of a completion, web and database",
            computed / len(both.lasted) * 1000,
            "ms",
        ),
        Figure(f"{group}.starts", f"{name}: cases started", started.per_second, "/s"),
        Figure(f"{group}.start_p95", f"{name}: case start p95", started.p95_ms, "ms"),
        *_inbox(address, group, name, is_aim=is_aim),
        *_memory(web, group, name),
    ]
    house.database.engine.dispose()
    return figures


def _start(address: str, headers: list[dict[str, str]], count: int) -> load.Load:
    requests = [load.Request("POST", "/v2/process-instances", START)] * count
    return load.run([address], requests, headers, CLIENTS)


def _complete(
    house: House, address: str, headers: list[dict[str, str]], element_id: str
) -> load.Load:
    requests = [
        load.Request("POST", f"/v2/user-tasks/{key}/completion", COMPLETE, expected=204)
        for key in world.open_task_keys(house, element_id)
    ]
    return load.run([address], requests, headers, CLIENTS)


def _inbox(address: str, group: str, name: str, *, is_aim: bool) -> list[Figure]:
    visitors = [Visitor(address, clerk, world.PASSWORD).cookie_header() for clerk in world.clerks()]
    figures = []
    for tab in ("mine", "claimable"):
        requests = [load.Request("GET", f"/tasks?tab={tab}")] * INBOX_PAGES
        p95 = load.run([address], requests, visitors[:1], 1).p95_ms
        label = f"{name}: inbox page p95, tab {tab}, {INBOX_TASKS:,} open tasks"
        figure_id = f"{group}.inbox_{tab}_p95"
        figures.append(
            at_most(figure_id, label, p95, "ms", INBOX_AIM_MS)
            if is_aim
            else Figure(figure_id, label, p95, "ms")
        )
    requests = [load.Request("GET", "/tasks?tab=claimable")] * INBOX_PAGES
    crowd = load.run([address], requests, visitors, CLIENTS)
    label = f"{name}: inbox pages, {CLIENTS} clients"
    return [*figures, Figure(f"{group}.inbox_pages", label, crowd.per_second, "/s")]


def _memory(web: servers.Part, group: str, name: str) -> list[Figure]:
    infos = [child.memory_full_info() for child in psutil.Process(web.process.pid).children()]
    resident = mean(info.rss for info in infos) / 2**20
    own = mean(info.uss for info in infos) / 2**20
    requests = WARM_UP * 2 + CASES * 3 + INBOX_PAGES * 3
    label = f"{name}: memory of a web process after {requests // 2:,} requests"
    return [
        Figure(f"{group}.memory", label, resident, "MiB"),
        Figure(f"{group}.memory_own", f"{name}: of it not shared", own, "MiB"),
    ]
