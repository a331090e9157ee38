"""What processes remember of people, rights, parameters and definitions, and when they read it anew."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from service.domain.outside import Outside
from service.persistence import people
from service.persistence.database import Database
from service.persistence.rare_facts import LOOK_S, WATCHED, RareFacts
from service.persistence.tables import metadata
from service.usecases import definitions, tokens
from service.usecases.execution.world import take_snapshot
from tests import rows
from tests.persistence.postgresql import migrated_database


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Give a connection on each kind of database; what is written is rolled back."""
    engine = (
        request.getfixturevalue("postgresql")
        if request.param == "postgresql"
        else request.getfixturevalue("database").engine
    )
    with engine.connect() as opened:
        yield opened
        opened.rollback()


def number(connection: Connection) -> int:
    """Return the revision."""
    return int(connection.execute(text("SELECT number FROM revisions")).scalar_one())


def names_of(database: Database, username: str) -> tuple[str, ...]:
    """Return the name of a person as it is remembered, or nothing."""
    found = database.rare.recent(
        database.reading, username, lambda connection: people.person(connection, username)
    )
    return () if found is None else (found.name,)


@pytest.mark.parametrize("table", WATCHED)
def test_every_change_of_a_watched_table_counts(connection: Connection, table: str) -> None:
    """Inserted, changed or removed, by whatever program: the triggers are there and count."""
    column = metadata.tables[table].columns.keys()[0]
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        ).scalars()
        assert {f"{table}_count_{verb}" for verb in ("insert", "update", "delete")} <= set(found)
        return
    before = number(connection)
    connection.execute(text(f"UPDATE {table} SET {column} = {column}"))
    connection.execute(text(f"DELETE FROM {table}"))
    assert number(connection) == before + 2


def test_a_person_who_is_added_or_changed_counts(connection: Connection) -> None:
    """The count is part of the transaction that makes the change."""
    before = number(connection)
    rows.add_person(connection, "lina")
    added = number(connection)
    connection.execute(text("UPDATE people SET name = 'x' WHERE username = 'lina'"))
    assert before < added < number(connection)


def test_only_watched_tables_are_remembered(database: Database) -> None:
    """What is read from another table would never be read anew."""
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    with database.reading() as reading:
        take_snapshot(reading)
        people.account(reading, "lina")
        tokens._owned(reading, "0")
        for find in (definitions.find_process, definitions.find_decision, definitions.find_form):
            find(reading, "id", "latest", None, 1)
    read = {name for one in statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", one)}
    assert read
    assert read <= set(WATCHED)


def test_a_fact_is_read_once(database: Database) -> None:
    """Until something changes it is remembered, without a look at the database."""
    reads: list[Any] = []

    def read(_: Connection) -> str:
        reads.append(1)
        return "fact"

    for _ in range(3):
        assert database.rare.recent(database.reading, "name", read) == "fact"
    assert len(reads) == 1


def test_what_this_process_changes_counts_at_once(database: Database, outside: Outside) -> None:
    """A removed person is nobody for the next request."""
    with database.unit(outside) as unit:
        rows.add_person(unit.connection, "lina", name="丽娜")
        unit.commit()
    assert names_of(database, "lina") == ("丽娜",)

    with database.unit(outside) as unit:
        unit.connection.execute(text("UPDATE people SET is_active = false"))
        unit.commit()

    assert names_of(database, "lina") == ()


def test_what_another_process_changes_counts_after_a_second(
    database: Database, outside: Outside
) -> None:
    """Or as soon as a transaction of this one has read the count."""
    seconds = [0.0]
    database.rare = RareFacts(lambda: seconds[0])
    other = Database(database.engine)
    with other.unit(outside) as unit:
        rows.add_person(unit.connection, "lina", name="丽娜")
        unit.commit()
    assert names_of(database, "lina") == ("丽娜",)

    with other.unit(outside) as unit:
        unit.connection.execute(text("UPDATE people SET name = '李娜'"))
        unit.commit()

    seconds[0] = LOOK_S
    assert names_of(database, "lina") == ("丽娜",)
    seconds[0] = LOOK_S + 0.01
    assert names_of(database, "lina") == ("李娜",)


def test_a_transaction_never_goes_by_what_is_old(database: Database, outside: Outside) -> None:
    """It reads the count itself, so another process's change counts in the very next command."""
    other = Database(database.engine)
    read = lambda connection: connection.execute(text("SELECT count(*) FROM people")).scalar()  # noqa: E731
    with database.reading() as reading:
        assert database.rare.at(reading).get("people", read) == 0
    with other.unit(outside) as unit:
        rows.add_person(unit.connection, "lina")
        unit.commit()
    with database.reading() as reading:
        assert database.rare.at(reading).get("people", read) == 1


def test_what_is_not_committed_is_remembered_by_nobody(
    database: Database, outside: Outside
) -> None:
    """A transaction that is rolled back leaves no trace in what others go by."""
    with database.unit(outside) as unit:
        facts = database.rare.at(unit.connection)
        rows.add_person(unit.connection, "lina")
        found = facts.get("lina", lambda connection: people.person(connection, "lina"))
        assert found is not None
    assert (
        database.rare.recent(
            database.reading, "lina", lambda connection: people.person(connection, "lina")
        )
        is None
    )
