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


def empty_request() -> Figure:
    """Return how many requests a second an empty Flask application answers with 2 processes."""
    with servers.house() as parts:
        port = servers.free_port()
        part = parts.start(
            "empty",
            *("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2"),
            *("--threads", "8", "--worker-class", "gthread", "bench.empty_app:app"),
        )
        address = f"http://127.0.0.1:{port}"
        servers.until(lambda: servers.status(f"{address}/empty") == 200, "empty app", part)
        requests = [load.Request("GET", "/empty")] * EMPTY_REQUESTS
        measured = load.run([address], requests, [{}], CLIENTS)
    label = f"empty Flask requests, 2 processes, {CLIENTS} clients"
    return Figure("machine.empty_flask", label, measured.per_second, "/s")


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
