"""(d) Timers: a million pending, ten thousand due at one moment; how late the last one is fired.

All instances are copies of one real one, made by bulk SQL: their keys are the original's minus a distance
(keys of the past: nobody makes them again), in the rows and in the engine's state alike, so that each of
the million could be fired. Those that are due have all their rows; of the others the history is left out.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text

from bench import diagrams, machine, world
from bench.figures import Figure, at_most
from service.bootstrap import build
from service.persistence.tables import instances
from service.persistence.tables.base import metadata
from service.running.preparing import prepare
from service.usecases import heartbeats
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import SYSTEM
from tests.services import servers

PENDING = 1_000_000
DUE = 10_000
WORKERS = 2
AIM_S = 30
HEAD_START = timedelta(seconds=5)
"""From the end of the preparations to the moment they are due."""

PATIENCE_S = 600
LOOK_EVERY_S = 1.0
STRIDE = 1 << 32
"""Distance of the keys of two copies: more than the keys of one instance are apart (about a second)."""

WHOLE = ("element_instances", "variables", "taken_flows", "timers", "events")
BARE = ("element_instances", "timers")
KEY_COLUMNS = frozenset({"key", "instance_key", "root_key", "scope_key", "element_instance_key"})


def measure() -> list[Figure]:
    """Return how long after their moment ten thousand timers are fired by two workers on PostgreSQL."""
    with servers.house_on_postgresql() as (parts, _broker):
        limits = machine.commits(parts.environment["HUIYIN_DATABASE_URL"])
        house = _prepared(parts)
        workers = [parts.worker() for _ in range(WORKERS)]
        parts.beat()
        servers.until(lambda: _are_there(house), "the workers work", workers[0])
        due_at = _let_fall_due(house)
        servers.until(lambda: _is_over(house, due_at), "all are fired", workers[0], PATIENCE_S)
        took_s = (house.outside.clock.now() - due_at).total_seconds()
        figures = _figures(house, due_at, took_s)
        house.database.engine.dispose()
        return limits + figures


def _prepared(parts: servers.House) -> House:
    prepare(parts.settings)
    house = build(parts.settings).house
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    deploy(house, owner, [DeployFile("bench_wait.bpmn", diagrams.waiting())])
    values = {"customer_name": "晨光文具", "amount": 36000}
    create(house, SYSTEM, CreateInstance(process_id="process", variables=values))
    with house.database.unit(house.outside) as unit:
        connection = unit.connection
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        _copy(connection, 1, DUE - 1, WHOLE)
        _copy(connection, DUE, PENDING - 1, BARE)
        unit.commit()
    world.settle(house.database.engine)
    return house


def _copy(connection: Connection, first: int, last: int, tables: tuple[str, ...]) -> None:
    """Copy the only real instance, with its rows in these tables, `first` to `last` strides away."""
    (original,) = connection.execute(
        text("SELECT max(key) AS key FROM process_instances")
    ).scalars()
    keys = connection.execute(
        text(
            "SELECT key FROM process_instances WHERE key = :original UNION "
            "SELECT key FROM element_instances WHERE instance_key = :original UNION "
            "SELECT key FROM timers WHERE instance_key = :original"
        ),
        {"original": original},
    ).scalars()
    state = "convert_from(engine_state, 'UTF8')"
    for key in keys:
        state = f"replace({state}, '{key}', ({key} - n * {STRIDE})::text)"
    bounds = {"original": original, "first": first, "last": last}
    for name in ("process_instances", *tables):
        columns = [column.name for column in metadata.tables[name].columns]
        told = ", ".join(
            f"convert_to({state}, 'UTF8')" if column == "engine_state" else _moved(column)
            for column in columns
        )
        owner = "key" if name == "process_instances" else "instance_key"
        listed = ", ".join(f'"{column}"' for column in columns)
        connection.execute(
            text(
                f"INSERT INTO {name} ({listed}) SELECT {told} FROM {name}, "
                f"generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n WHERE {owner} = :original"
            ),
            bounds,
        )


def _moved(column: str) -> str:
    return f'"{column}" - n * {STRIDE}' if column in KEY_COLUMNS else f'"{column}"'


def _are_there(house: House) -> bool:
    with house.database.reading() as connection:
        return heartbeats.is_alive(house, connection, "worker")


def _let_fall_due(house: House) -> datetime:
    """Have the first `DUE` of them due at one moment, soon, and return it."""
    table = instances.timers
    due_at = house.outside.clock.now() + HEAD_START
    with house.database.unit(house.outside) as unit:
        planned = unit.connection.execute(select(func.min(table.c.due_at))).scalar_one()
        first = unit.connection.execute(
            select(table.c.key).order_by(table.c.key.desc()).offset(DUE - 1).limit(1)
        ).scalar_one()
        unit.connection.execute(table.update().where(table.c.key >= first).values(due_at=due_at))
        # The engine's state holds the moment too: a timer is fired by what both say.
        unit.connection.execute(
            text(
                "UPDATE process_instances SET engine_state = convert_to(replace("
                "convert_from(engine_state, 'UTF8'), :planned, :due), 'UTF8') WHERE key > :first"
            ),
            {
                "planned": planned.isoformat(),
                "due": due_at.isoformat(),
                "first": first - STRIDE // 2,
            },
        )
        unit.commit()
    return due_at


def _is_over(house: House, due_at: datetime) -> bool:
    """Look once a second, so that looking costs the workers nothing."""
    time.sleep(LOOK_EVERY_S)
    table = instances.timers
    query = select(table.c.key).where(table.c.state == "OPEN", table.c.due_at <= due_at).limit(1)
    with house.database.reading() as connection:
        return connection.execute(query).first() is None


def _figures(house: House, due_at: datetime, took_s: float) -> list[Figure]:
    table = instances.timers
    with house.database.reading() as connection:
        row: Any = connection.execute(
            text(
                "SELECT count(*) AS fired, max(lateness_s) AS last, "
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY lateness_s) AS half "
                "FROM timers WHERE state = 'FIRED' AND due_at = :due_at"
            ),
            {"due_at": due_at},
        ).one()
        pending = connection.execute(
            select(func.count()).where(table.c.state == "OPEN")
        ).scalar_one()
    assert (row.fired, pending) == (DUE, PENDING - DUE), (row.fired, pending)
    label = f"PostgreSQL: {DUE:,} timers of one moment, {PENDING:,} pending, {WORKERS} workers"
    return [
        at_most("timers.all", f"{label}: all fired after", took_s, "s", AIM_S),
        Figure("timers.last", f"{label}: last one late by, as recorded", row.last, "s"),
        Figure("timers.half", f"{label}: half late by", row.half, "s"),
        Figure("timers.rate", f"{label}: fired", DUE / took_s, "/s"),
    ]
