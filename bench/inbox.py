"""(g) The inbox by the API: pages of what somebody may claim and of what is his, at 20,000 open tasks or more.

The long part adds 180,000 open tasks and a million done ones, by bulk SQL.
"""

from collections.abc import Sequence
from contextlib import ExitStack

import orjson
from sqlalchemy import create_engine, text

from bench import load, machine, world
from bench.figures import Figure, at_most
from service.persistence.tables import tasks
from service.usecases.house import House
from tests.services import servers

OPEN, MANY_OPEN, DONE = 20_000, 200_000, 1_000_000
PAGES = 300
WARM_UP = 40
AIMS_MS = {OPEN: (4.0, 10.0), MANY_OPEN: (8.0, 30.0)}
"""p50 and p95 by the number of open tasks."""

COPIES = 50
"""Each open task is copied that many times as a done one."""


def measure() -> list[Figure]:
    """Return the figures at 20,000 open tasks."""
    return _measure(OPEN, 0)


def measure_many() -> list[Figure]:
    """Return the figures at 200,000 open tasks and 1,000,000 done ones."""
    return _measure(MANY_OPEN, DONE)


def _measure(count: int, done: int) -> list[Figure]:
    with ExitStack() as stack:
        parts, _ = stack.enter_context(servers.house_on_postgresql(web_processes="2"))
        house = world.make(parts.settings)
        world.fill(house, count)
        _add_done(house, done)
        address = parts.web(processes=2)
        headers = world.headers(house)
        figures = [
            *_pages(
                address,
                headers[:1],
                count,
                "claimable",
                {"state": "CREATED", "candidateGroup": "cs"},
            ),
            *_pages(
                address,
                headers[:1],
                count,
                "mine",
                {"state": "CREATED", "assignee": world.clerks()[0]},
            ),
        ]
        house.database.engine.dispose()
        parts.parts[-1].stop()
        figures += _naive(parts, count, figures)
    return figures


def _pages(
    address: str, headers: Sequence[dict[str, str]], count: int, name: str, wanted: dict[str, str]
) -> list[Figure]:
    body = {"filter": wanted, "sort": [{"field": "dueDate", "order": "ASC"}], "page": {"limit": 50}}
    request = load.Request("POST", "/v2/user-tasks/search", orjson.dumps(body))
    load.run([address], [request] * WARM_UP, headers, 1)
    measured = load.run([address], [request] * PAGES, headers, 1)
    half, most = AIMS_MS[count]
    label = f"inbox by the API, {name}, {count:,} open"
    return [
        at_most(f"inbox.{name}_{count}_p50", f"{label}: p50", measured.p50_ms, "ms", half),
        at_most(f"inbox.{name}_{count}_p95", f"{label}: p95", measured.p95_ms, "ms", most),
    ]


def _naive(parts: servers.House, count: int, ours: Sequence[Figure]) -> list[Figure]:
    """Return what a page of the naive program takes, which asks nobody who may see it, and our share of it."""
    url = parts.environment["HUIYIN_DATABASE_URL"]
    address = machine.flask_program(parts, "bench.naive.app:app", url)
    driven = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(driven)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO naive_tasks (id, instance_id, name, is_open) "
                "SELECT md5(n::text), n, 'define_problem', true FROM generate_series(1, :count) AS n"
            ),
            {"count": count},
        )
    world.settle(engine)
    engine.dispose()
    request = load.Request("GET", "/inbox")
    load.run([address], [request] * WARM_UP, [{}], 1)
    measured = load.run([address], [request] * PAGES, [{}], 1)
    half = {figure.id: figure.value for figure in ours}[f"inbox.mine_{count}_p50"]
    label = f"naive SpiffWorkflow: inbox, {count:,} open"
    return [
        Figure(f"inbox.naive_{count}_p50", f"{label}: p50", measured.p50_ms, "ms"),
        Figure(f"inbox.naive_{count}_p95", f"{label}: p95", measured.p95_ms, "ms"),
        Figure(
            f"inbox.to_naive_{count}",
            "inbox by the API, mine: p50 to the naive program's",
            half / measured.p50_ms,
            "×",
        ),
    ]


def _add_done(house: House, done: int) -> None:
    """Copy open tasks as completed ones, under keys of the past."""
    if not done:
        return
    changed = {
        "key": "t.key - n * 100000000000",
        "state": "'COMPLETED'",
        "completed_by": "'clerk' || (n % 8)",
        "completed_at": "t.created_at - n * interval '1 day'",
        "assignee": "'clerk' || (n % 8)",
    }
    names = [column.name for column in tasks.user_tasks.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            text(
                f"INSERT INTO user_tasks ({columns}) SELECT {values} "
                f"FROM (SELECT * FROM user_tasks LIMIT {done // COPIES}) AS t, "
                f"generate_series(1, {COPIES}) AS n"
            )
        )
        unit.commit()
    world.settle(house.database.engine)
