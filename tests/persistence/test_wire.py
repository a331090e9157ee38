"""What belongs together goes to PostgreSQL in one journey, and psycopg finds the connection as it should be."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus
from sqlalchemy import Engine

from service.persistence import wire
from service.persistence.wire import Wire
from tests.persistence.postgresql import fresh_database

pytestmark = pytest.mark.services

PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'huiyin%'"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Give a database with one table of one column of unique numbers."""
    with fresh_database() as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE numbers (n bigint PRIMARY KEY)")
        yield engine


@pytest.fixture
def driver(engine: Engine) -> Iterator[psycopg.Connection]:
    """Give a connection of its own to an empty table."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("TRUNCATE numbers")
        connection.commit()
        yield connection
        connection.close()


def numbers(engine: Engine) -> list[int]:
    """Return what others see in the table."""
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT n FROM numbers ORDER BY n").scalars())


def status(driver: psycopg.Connection) -> TransactionStatus:
    """Return how far the transaction of a connection is."""
    assert driver.pgconn.pipeline_status == PipelineStatus.OFF
    return driver.info.transaction_status


def test_a_transaction_begins_with_its_first_statement(
    driver: psycopg.Connection, engine: Engine
) -> None:
    """It goes on with psycopg, which may take all of it back."""
    Wire(driver).ask("INSERT INTO numbers VALUES ($1)", [1], then_commit=False)
    assert status(driver) == TransactionStatus.INTRANS
    driver.execute("INSERT INTO numbers VALUES (2)")
    driver.rollback()
    assert numbers(engine) == []


def test_a_statement_is_planned_once(driver: psycopg.Connection) -> None:
    """The server would plan it five times more before it keeps a plan; the next transaction is as always."""
    asked = Wire(driver)
    for number in range(7):
        asked.ask("INSERT INTO numbers VALUES ($1)", [number], then_commit=True)
    query = (
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name LIKE 'huiyin%'"
    )
    assert driver.execute(query).fetchall() == [(7, 0)]
    assert driver.execute("SHOW plan_cache_mode").fetchone() == ("auto",)


def test_a_new_statement_is_planned_by_keys(driver: psycopg.Connection) -> None:
    """Not by reading the whole of a table that is small today; what comes after it is planned as ever."""
    driver.execute("INSERT INTO numbers VALUES (1)")
    driver.commit()
    driver.autocommit = True
    driver.execute("ANALYZE numbers")
    driver.autocommit = False
    asked = "SELECT count(*) FROM numbers WHERE n = ANY({}::bigint[])"

    Wire(driver).ask(asked.format("$1"), ["{1,2}"], then_commit=False)

    kept = driver.execute("EXPLAIN EXECUTE huiyin_1('{1,2}')").fetchall()
    anew = driver.execute("EXPLAIN " + asked.format("'{1,2}'")).fetchall()
    assert "Index" in str(kept)
    assert "Seq Scan" in str(anew)


def test_a_transaction_that_shall_be_special_is_not_begun_as_a_plain_one(
    driver: psycopg.Connection,
) -> None:
    """A reader's has one view and writes nothing: psycopg begins it, and then it goes on here."""
    driver.read_only = True
    asked = Wire(driver)
    with pytest.raises(AssertionError, match="plain"):
        asked.ask("SELECT 1", [], then_commit=False)
    driver.execute("SELECT 1")
    assert asked.ask("SHOW transaction_read_only", [], then_commit=False) == ("on",)


def test_a_transaction_ends_with_its_last_statement(
    driver: psycopg.Connection, engine: Engine
) -> None:
    """What came before it is durable, too, and there is nothing left to end."""
    driver.execute("INSERT INTO numbers VALUES (1)")
    row = Wire(driver).ask(
        "INSERT INTO numbers VALUES ($1) RETURNING n, $2::text", [2, "二"], then_commit=True
    )
    assert row == (2, "二")
    assert status(driver) == TransactionStatus.IDLE
    driver.rollback()
    assert numbers(engine) == [1, 2]


def test_a_statement_that_fails_is_not_committed(
    driver: psycopg.Connection, engine: Engine
) -> None:
    """Neither is what came before it; the next transaction is a new one."""
    asked = Wire(driver)
    asked.ask("INSERT INTO numbers VALUES ($1)", [1], then_commit=False)
    with pytest.raises(psycopg.errors.UniqueViolation):
        asked.ask("INSERT INTO numbers VALUES ($1)", [1], then_commit=True)
    assert status(driver) == TransactionStatus.INERROR
    driver.rollback()
    assert numbers(engine) == []
    asked.ask("INSERT INTO numbers VALUES ($1)", [3], then_commit=True)
    assert numbers(engine) == [3]


def test_a_statement_that_does_not_parse_may_be_asked_again(driver: psycopg.Connection) -> None:
    """It was not prepared, and is not taken for prepared."""
    asked = Wire(driver)
    for _time in range(2):
        with pytest.raises(psycopg.errors.UndefinedTable):
            asked.ask("SELECT n FROM nowhere", [], then_commit=False)
        driver.rollback()
    driver.execute("CREATE TABLE nowhere AS SELECT 7 AS n")
    assert asked.ask("SELECT n FROM nowhere", [], then_commit=False) == (7,)


def test_what_was_prepared_in_a_transaction_that_was_taken_back_stays(
    driver: psycopg.Connection,
) -> None:
    """As PostgreSQL keeps it: it is not prepared a second time."""
    asked = Wire(driver)
    for _time in range(3):
        assert asked.ask("SELECT $1::bigint + 1", [1], then_commit=False) == (2,)
        driver.rollback()
    assert driver.execute(PREPARED).fetchone() == (1,)


def test_the_statement_asked_longest_ago_makes_room(
    driver: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection keeps a number of statements, however many are asked."""
    monkeypatch.setattr(wire, "PREPARED", 2)
    asked = Wire(driver)
    for number in (1, 2, 1, 3, 1, 4, 2, 1):
        assert asked.ask(f"SELECT {number}", [], then_commit=False) == (number,)
    assert driver.execute(PREPARED).fetchone() == (2,)


def test_no_row_is_none_and_null_is_none(driver: psycopg.Connection) -> None:
    """A row of one NULL is a row."""
    asked = Wire(driver)
    assert asked.ask("SELECT 1 WHERE false", [], then_commit=False) is None
    assert asked.ask("SELECT $1::text", [None], then_commit=False) == (None,)


def test_others_compute_while_an_answer_is_waited_for(driver: psycopg.Connection) -> None:
    """The interpreter is not held."""
    waiting = threading.Thread(
        target=lambda: Wire(driver).ask("SELECT pg_sleep(0.2)", [], then_commit=False)
    )
    counted = 0
    waiting.start()
    while waiting.is_alive():
        counted += 1
    waiting.join()
    assert counted > 100


def test_a_journey_that_is_broken_off_closes_the_connection(
    driver: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else would get the answers that are still to come."""

    def give_up(_connection: object) -> Iterator[object]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(wire, "_results", give_up)
    with pytest.raises(KeyboardInterrupt):
        Wire(driver).ask("SELECT 1", [], then_commit=False)
    assert driver.closed


@pytest.mark.parametrize("is_prepared", [False, True])
def test_a_connection_that_is_lost_in_mid_journey_is_told(
    driver: psycopg.Connection, engine: Engine, is_prepared: bool
) -> None:
    """As a lost connection, and at once."""
    asked = Wire(driver)
    if is_prepared:
        asked.ask("SELECT 1", [], then_commit=True)
    with engine.begin() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({driver.info.backend_pid})")
    with pytest.raises(psycopg.OperationalError):
        asked.ask("SELECT 1", [], then_commit=True)
    assert driver.closed
    assert driver.broken


def test_a_nul_character_does_not_end_a_text(driver: psycopg.Connection) -> None:
    """It is refused before anything is sent."""
    with pytest.raises(psycopg.DataError, match="NUL"):
        Wire(driver).ask("SELECT $1::text", ["a\0b"], then_commit=False)
    assert status(driver) == TransactionStatus.IDLE


def test_half_a_character_is_refused(driver: psycopg.Connection) -> None:
    """No encoding has it; and nothing is sent."""
    with pytest.raises(psycopg.DataError, match="surrogates"):
        Wire(driver).ask("SELECT $1::text", ["a\ud800"], then_commit=False)
    assert status(driver) == TransactionStatus.IDLE


def test_a_text_longer_than_any_buffer_goes_through(driver: psycopg.Connection) -> None:
    """There and back."""
    long = "长" * 3_000_000
    assert Wire(driver).ask("SELECT $1::text", [long], then_commit=False) == (long,)


COUNT = "SELECT count(*) FROM numbers"
IS_READER = (
    "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
)


def test_what_is_asked_together_sees_one_moment_and_leaves_nothing_open(
    driver: psycopg.Connection,
) -> None:
    """In a reader's transaction of its own, with the rows of each in their places; asked again, too."""
    driver.autocommit = True
    asked = Wire(driver)
    both = "SELECT n, $2::text FROM generate_series(1, $1::integer) AS n"
    for _time in range(2):
        found = asked.ask_together(
            [(both, [2, "二"]), (COUNT, []), (both, [0, None]), (IS_READER, [])]
        )
        assert found == [[(1, "二"), (2, "二")], [(0,)], [], [("repeatable read", "on")]]
        assert status(driver) == TransactionStatus.IDLE
    assert driver.execute(PREPARED).fetchone() == (3,)


def test_what_is_asked_together_within_a_transaction_sees_what_it_wrote(
    driver: psycopg.Connection,
) -> None:
    """The transaction goes on. One that psycopg is still to begin it does not begin in its place."""
    asked = Wire(driver)
    with pytest.raises(AssertionError, match="psycopg begins"):
        asked.ask_together([(COUNT, [])])
    driver.execute("INSERT INTO numbers VALUES (1)")
    assert asked.ask_together([(COUNT, []), (COUNT, [])]) == [[(1,)], [(1,)]]
    assert status(driver) == TransactionStatus.INTRANS


@pytest.mark.parametrize("wrong", ["SELECT 1 / $1::integer", "SELECT n FROM nothing_of_this_name"])
def test_a_question_that_fails_among_others_leaves_nothing_open(
    driver: psycopg.Connection, wrong: str
) -> None:
    """Whether it fails as it is prepared or as it is asked; the next ones are answered."""
    driver.autocommit = True
    asked = Wire(driver)
    values = [0] if "$1" in wrong else []
    for _time in range(2):
        with pytest.raises((psycopg.errors.DivisionByZero, psycopg.errors.UndefinedTable)):
            asked.ask_together([(COUNT, []), (wrong, values), (COUNT, [])])
        assert status(driver) == TransactionStatus.IDLE
        assert asked.ask_together([(COUNT, [])]) == [[(0,)]]


def test_what_is_asked_together_keeps_to_the_number_of_statements(
    driver: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one asked longest ago makes room here, too."""
    monkeypatch.setattr(wire, "PREPARED", 2)
    driver.autocommit = True
    asked = Wire(driver)
    for first, second in ((1, 2), (3, 1), (2, 4)):
        questions: list[tuple[str, list[Any]]] = [(f"SELECT {first}", []), (f"SELECT {second}", [])]
        assert asked.ask_together(questions) == [[(first,)], [(second,)]]
    assert driver.execute(PREPARED).fetchone() == (2,)
