"""The migrations: they make exactly the tables, once, and keep the history append-only."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Engine,
    Integer,
    String,
    column,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from service.persistence.database import prepare_sqlite
from service.persistence.migrate import configuration, upgrade
from service.persistence.tables import cases, metadata
from tests.persistence.postgresql import fresh_database

EVENT = {
    "key": 1,
    "at": datetime(2026, 11, 24, 2, tzinfo=UTC),
    "kind": "case_opened",
    "rule_refs": [],
    "detail": {},
}


def sqlite(path: Path) -> Engine:
    """Return an engine on a SQLite file, prepared as the house does it."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    prepare_sqlite(engine)
    return engine


ONLY_ON_POSTGRESQL = frozenset({"ix_user_tasks_was_candidate", "ix_user_tasks_supervisors"})
"""Indexes over the items of lists."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on an empty database, of each kind."""
    if request.param == "sqlite":
        engine = sqlite(tmp_path / "empty.sqlite3")
        yield engine
        engine.dispose()
        return
    with fresh_database() as engine:
        yield engine


def differences(connection: Connection, **options: Any) -> list[Any]:
    """Return what another migration would have to do; of indexes that only PostgreSQL has, there alone."""

    def is_compared(_thing: Any, name: str | None, *_more: Any) -> bool:
        return connection.dialect.name == "postgresql" or name not in ONLY_ON_POSTGRESQL

    context = MigrationContext.configure(
        connection, opts={"include_object": is_compared, **options}
    )
    found: list[Any] = compare_metadata(context, metadata)
    return found


@pytest.mark.slow
def test_migrations_make_exactly_the_tables_of_the_metadata(empty: Engine) -> None:
    """Nothing is left for a further migration: tables, columns, types, indexes, constraints."""
    upgrade(empty)

    with empty.connect() as connection:
        assert differences(connection, compare_type=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_an_event_can_be_neither_changed_nor_removed(empty: Engine, change: str) -> None:
    """The database itself refuses, whatever program asks (XC-X-6)."""
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(insert(cases.events).values(EVENT))

    with pytest.raises(DBAPIError, match="append-only"), empty.begin() as connection:
        connection.execute(text(change))

    with empty.connect() as connection:
        assert connection.execute(text("SELECT kind FROM events")).scalars().all() == [
            "case_opened"
        ]


@pytest.mark.slow
def test_processes_that_start_at_once_migrate_once(empty: Engine) -> None:
    """The others wait for the first and find the database ready."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            upgrade(empty)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with empty.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


@pytest.mark.slow
def test_migrations_can_be_taken_back(empty: Engine) -> None:
    """Down to nothing and up again gives the same tables."""
    upgrade(empty)
    with empty.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(configuration(connection), "base")

    upgrade(empty)

    with empty.connect() as connection:
        assert differences(connection) == []


@pytest.mark.slow
def test_clocks_go_on_where_they_were(empty: Engine) -> None:
    """0016: of a running clock its next mark stays; of one that is over nothing does."""
    marks = [
        (1, 7, "remind", 0, "DONE"),
        (2, 7, "overdue", 1, "OPEN"),
        (3, 7, "escalate", 2, "OPEN"),
    ]
    marks += [(4, 8, "remind", 0, "CANCELED"), (5, 9, "remind", 0, "SUSPENDED")]
    with empty.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(configuration(connection), "0015")
        for key, task, kind, level, state in marks:
            values = f"{key}, {task}, '{kind}', {level}, '2026-11-02 09:00:00+00:00', '{state}'"
            connection.execute(
                text(
                    "INSERT INTO task_clocks (key, task_key, kind, level, due_at, state) "
                    f"VALUES ({values})"
                )
            )

    upgrade(empty)

    with empty.connect() as connection:
        rows = connection.execute(text("SELECT * FROM task_clocks ORDER BY task_key")).all()
    assert [(row.task_key, row.kind, row.state) for row in rows] == [
        (7, "overdue", "OPEN"),
        (9, "remind", "SUSPENDED"),
    ]


@pytest.mark.slow
def test_candidates_are_made_anew_from_the_tasks(empty: Engine) -> None:
    """0019: of every task that can be worked on, each name once, with whether somebody has it; and back."""
    with empty.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(configuration(connection), "0018")
        for key, state, assignee, groups in (
            (1, "CREATED", None, '["cs", "cs", "quality"]'),
            (2, "CREATED", "'lina'", '["cs"]'),
            (3, "COMPLETED", "'lina'", '["cs"]'),
        ):
            connection.exec_driver_sql(_old_task(key, state, assignee or "NULL", groups))
        command.upgrade(configuration(connection), "0019")
        made = connection.execute(_CANDIDATES).all()
        command.downgrade(configuration(connection), "0018")
        left = connection.execute(text("SELECT task_key FROM user_task_candidates")).scalars()

        assert [tuple(row) for row in made] == [
            (1, "group", "cs", True),
            (1, "group", "quality", True),
            (1, "user", "max", True),
            (2, "group", "cs", False),
            (2, "user", "max", False),
        ]
        assert sorted(left) == [1, 1, 1]


@pytest.mark.slow
def test_values_of_cluster_variables_become_the_text_that_is_shown(empty: Engine) -> None:
    """0034: compact, in no other script than it was written in; and back."""
    texts = {"a": '{"size": 2}', "b": '"\\u4e2d"', "c": "2.5", "d": "4", "e": '"4"'}
    add = (
        "INSERT INTO tenant_variables (key, value, changed_by, changed_at) "
        "VALUES (:key, :value, 'ada', '2026-11-02 09:00:00+00:00')"
    )
    read = select(column("value", JSON)).select_from(text("tenant_variables"))
    with empty.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(configuration(connection), "0033")
        before = add if connection.dialect.name == "sqlite" else add.replace(":value", _AS_JSON)
        for key, value in texts.items():
            connection.execute(text(before), {"key": key, "value": value})
        command.upgrade(configuration(connection), "0034")
        made = connection.execute(text("SELECT value FROM tenant_variables ORDER BY key"))
        assert list(made.scalars()) == ['{"size":2}', '"中"', "2.5", "4", '"4"']
        command.downgrade(configuration(connection), "0033")
        back = connection.execute(read.order_by(column("key"))).scalars()
        assert list(back) == [{"size": 2}, "中", 2.5, 4, "4"]


_AS_JSON = "CAST(:value AS JSONB)"

_CANDIDATES = (
    select(
        column("task_key", Integer),
        column("kind", String),
        column("name", String),
        column("is_free", Boolean),
    )
    .select_from(text("user_task_candidates"))
    .order_by("task_key", "kind", "name")
)


def _old_task(key: int, state: str, assignee: str, groups: str) -> str:
    """Return the statement that adds a task as it stood before candidates were made anew."""
    values = {
        "key": key,
        **dict.fromkeys(
            ("element_instance_key", "instance_key", "root_key", "process_key", "scope_key"), 1
        ),
        **dict.fromkeys(("version", "priority", "row_version", "overdue_level"), 0),
        **dict.fromkeys(("process_id", "element_id", "name"), "'x'"),
        "state": f"'{state}'",
        "assignee": assignee,
        "candidate_groups": f"'{groups}'",
        "candidate_users": "'[\"max\"]'",
        **dict.fromkeys(("headers", "properties"), "'{}'"),
        "created_at": "'2026-11-24 02:00:00'",
    }
    columns = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO user_tasks ({columns}) VALUES ({', '.join(map(str, values.values()))})"
