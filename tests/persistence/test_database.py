"""Units of work: what they say when the database will not have it."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, insert, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from service.domain.errors import BadInputError, BusyError, UnavailableError
from service.domain.identifiers import LONGEST_NAME
from service.domain.outside import Outside
from service.persistence.database import IDLE_S, Database, prepare_postgresql
from service.persistence.driver import row_of
from service.persistence.tables import instances
from service.persistence.unit import Unit
from tests.persistence.postgresql import migrated_database

COUNT = text("UPDATE number_series SET last = last + 1 WHERE name = :name")
SLOW_COUNT = "UPDATE number_series SET last = last + 1 WHERE pg_sleep(0.05) IS NOT NULL"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL with two number series."""
    with migrated_database() as engine:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO number_series VALUES ('a', 0), ('b', 0)"))
        yield engine


@pytest.mark.services
@pytest.mark.slow
def test_a_deadlock_is_two_that_met(postgresql: Engine, outside: Outside) -> None:
    """One of the two is told to come again, the other one's work stands."""
    database, meeting = Database(postgresql), threading.Barrier(2)
    met: list[BusyError] = []

    def count(first: str, then: str) -> None:
        try:
            with database.unit(outside) as unit:
                unit.connection.execute(COUNT, {"name": first})
                meeting.wait(10)
                unit.connection.execute(COUNT, {"name": then})
                unit.commit()
        except BusyError as error:
            met.append(error)

    others = [threading.Thread(target=count, args=names) for names in ("ab", "ba")]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert len(met) == 1
    with database.reading() as connection:
        assert set(connection.execute(text("SELECT last FROM number_series")).scalars()) == {1}


@pytest.mark.services
def test_a_lost_connection_is_not_taken_for_two_that_met(
    postgresql: Engine, outside: Outside
) -> None:
    """Nobody knows what was committed: the command is not run again behind the caller's back."""
    database = Database(postgresql)

    def write_after_a_cut(unit: Unit) -> None:
        pid = unit.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with postgresql.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        unit.connection.execute(COUNT, {"name": "a"})

    with pytest.raises(UnavailableError), database.unit(outside) as unit:
        write_after_a_cut(unit)


@pytest.mark.services
@pytest.mark.parametrize(
    "need", ["statement_timeout = 1", "default_transaction_read_only = on"], ids=["slow", "standby"]
)
@pytest.mark.parametrize(
    "write",
    [
        lambda connection: connection.execute(text(SLOW_COUNT)),
        lambda connection: row_of(connection, SLOW_COUNT, []),
    ],
    ids=["sqlalchemy", "wire"],
)
def test_a_database_that_cannot_do_it_now_is_unavailable(
    postgresql: Engine, outside: Outside, need: str, write: Callable[[Connection], object]
) -> None:
    """It ended the statement because it took too long, or is the standby of another: no bug of ours."""
    database = Database(postgresql)
    with postgresql.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET {need}"))
    postgresql.dispose()
    try:
        with pytest.raises(UnavailableError), database.unit(outside) as unit:
            write(unit.connection)
    finally:
        with postgresql.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.commit()
            connection.execute(text(f"ALTER DATABASE {name} RESET ALL"))
            connection.commit()
        postgresql.dispose()


@pytest.mark.services
def test_what_writes_as_a_reader_is_a_bug(postgresql: Engine) -> None:
    """The database is well: nobody is told to come again."""
    with pytest.raises(InternalError), Database(postgresql).reading() as connection:
        connection.execute(COUNT, {"name": "a"})


def test_a_file_that_may_not_be_written_is_unavailable(
    database: Database, outside: Outside
) -> None:
    """Its folder was mounted to be read only, say; nothing is written meanwhile."""
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(UnavailableError), database.unit(outside) as unit:
        unit.connection.execute(COUNT, {"name": "a"})
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA query_only = OFF"))


def test_a_commit_that_fails_holds_nobody_up(database: Database, outside: Outside) -> None:
    """SQLite stays in its transaction then, with the lock of who writes; the next one begins anew."""

    def insert_half(unit: Unit) -> None:
        unit.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        unit.connection.execute(text("INSERT INTO halves VALUES (1, 7)"))
        unit.commit()

    with database.unit(outside) as unit:
        unit.connection.execute(
            text("CREATE TABLE halves (half INTEGER PRIMARY KEY, whole REFERENCES halves)")
        )
        unit.commit()
    with pytest.raises(IntegrityError), database.unit(outside) as unit:
        insert_half(unit)
    with database.unit(outside) as unit:
        found = unit.connection.execute(text("SELECT count(*) FROM halves")).scalar_one()
    assert found == 0


@pytest.mark.services
def test_a_value_that_no_column_can_hold_is_bad_input(postgresql: Engine, outside: Outside) -> None:
    """A NUL character, alone or inside of JSON; writing or reading."""
    database = Database(postgresql)

    def record(unit: Unit) -> None:
        unit.record("test", detail={"text": "a\0"})
        unit.commit()

    with pytest.raises(BadInputError, match="NUL"), database.unit(outside) as unit:
        unit.connection.execute(COUNT, {"name": "a\0"})
    with pytest.raises(BadInputError), database.unit(outside) as unit:
        record(unit)
    with pytest.raises(BadInputError, match="NUL"), database.reading() as connection:
        connection.execute(text("SELECT :text"), {"text": "a\0"})


@pytest.mark.services
def test_an_index_holds_two_names_of_full_length_and_refuses_more(
    postgresql: Engine, outside: Outside
) -> None:
    """Of signs that take most bytes and that nothing compresses; what is longer is bad input, too."""
    signs = [chr(0x20000 + number * 7919 % 40000) for number in range(8 * LONGEST_NAME)]
    database, message = Database(postgresql), instances.messages

    def write(name: str, key: str) -> None:
        with database.unit(outside) as unit:
            values = {"key": 1, "name": name, "correlation_key": key, "variables": {}}
            moments = {"published_at": unit.now, "expires_at": unit.now}
            unit.connection.execute(insert(message).values(**values, **moments))

    write("".join(signs[:LONGEST_NAME]), "".join(signs[LONGEST_NAME : 2 * LONGEST_NAME]))
    with pytest.raises(BadInputError, match="index"):
        write("".join(signs), "key")


def test_a_number_that_no_column_can_hold_is_bad_input(database: Database) -> None:
    """On SQLite; a key in an address may have any length."""
    with pytest.raises(BadInputError, match="too large"), database.reading() as connection:
        connection.execute(text("SELECT :key"), {"key": 10**30})


def test_a_missing_table_is_not_taken_for_somebody_else_who_writes(
    database: Database, outside: Outside
) -> None:
    """On SQLite, too: only a lock is."""
    with pytest.raises(OperationalError, match="no such table"), database.unit(outside) as unit:
        unit.connection.execute(text("UPDATE not_there SET a = 1"))


def test_a_locked_file_is_somebody_else_who_writes(database: Database, outside: Outside) -> None:
    """Who does not get SQLite's write lock in time is told to come again."""
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=20"))
    with database.unit(outside), pytest.raises(BusyError), database.unit(outside) as second:
        second.flush()


@pytest.mark.services
def test_a_lock_that_is_not_to_be_had_is_busy(postgresql: Engine, outside: Outside) -> None:
    """Who has waited for it until the time-out is told so, and what he wrote is gone."""
    url = postgresql.url.update_query_dict({"options": "-c lock_timeout=50"})
    waiting = Database(create_engine(url))
    with Database(postgresql).unit(outside) as holder:
        holder.connection.execute(COUNT, {"name": "a"})
        with pytest.raises(BusyError) as refused, waiting.unit(outside) as unit:
            unit.connection.execute(COUNT, {"name": "a"})
    waiting.engine.dispose()
    assert refused.value.facts["has_waited"] is True


@pytest.mark.services
def test_a_connection_that_was_cut_while_idle_is_replaced(postgresql: Engine) -> None:
    """The server may have been restarted in the night: the first request of the morning is served."""
    engine = create_engine(postgresql.url, pool_size=1)
    seconds = [0.0]
    prepare_postgresql(engine, lambda: seconds[0])
    with engine.connect() as connection:
        cut = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with postgresql.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": cut})
    seconds[0] = IDLE_S

    with engine.connect() as connection:
        found = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    engine.dispose()
    assert found != cut
