"""This machine's own limits, measured in the same run: figures of the house are read against them."""

import threading
import time

from sqlalchemy import Engine, create_engine, text

from bench import load
from bench.figures import Figure
from tests.services import servers

COMMIT_SECONDS = 2.0
EMPTY_REQUESTS = 2000
CLIENTS = 8


def commits(url: str) -> list[Figure]:
    """Return how many one-row transactions a second PostgreSQL makes durable, for one writer and eight."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=CLIENTS
    )
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_commits (at double precision)"))
    figures = [
        Figure(
            f"machine.commits_{writers}",
            f"PostgreSQL commits, fsync on, {writers} at once",
            _commits(engine, writers),
            "/s",
        )
        for writers in (1, CLIENTS)
    ]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bench_commits"))
    engine.dispose()
    return figures


def requests(database_url: str) -> list[Figure]:
    """Return how many requests a second Flask answers with 2 processes: empty ones, and with one SELECT."""
    with servers.house() as parts:
        address = flask_program(parts, "bench.empty_app:app", database_url)
        figures = []
        for path, what in (
            ("empty", "empty Flask requests"),
            ("select", "Flask requests, 1 SELECT"),
        ):
            some = [load.Request("GET", f"/{path}")] * EMPTY_REQUESTS
            load.run([address], some[:200], [{}], CLIENTS)
            measured = load.run([address], some, [{}], CLIENTS)
            label = f"{what}, 2 processes, {CLIENTS} clients"
            figures.append(Figure(f"machine.{path}_flask", label, measured.per_second, "/s"))
    return figures


def flask_program(parts: servers.House, name: str, database_url: str) -> str:
    """Start a Flask program with 2 processes and return its address once it serves."""
    port = servers.free_port()
    part = parts.start(
        name.replace(":", "-"),
        *("-m", "bench.serving", name, str(port)),
        BENCH_DATABASE_URL=database_url,
    )
    address = f"http://127.0.0.1:{port}"
    servers.until(lambda: servers.status(f"{address}/") == 404, f"{name} serves", part)
    return address


def _commits(engine: Engine, writers: int) -> float:
    done = [0] * writers
    until = time.perf_counter() + COMMIT_SECONDS

    def write(number: int) -> None:
        with engine.connect() as connection:
            while time.perf_counter() < until:
                connection.execute(text("INSERT INTO bench_commits VALUES (1)"))
                connection.commit()
                done[number] += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / COMMIT_SECONDS
