"""Statements that go to the driver directly: the same rows and the same errors as through SQLAlchemy."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import (
    Engine,
    bindparam,
    cast,
    create_engine,
    delete,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.exc import InternalError, ProgrammingError

from service.domain.errors import BadInputError, BusyError, UnavailableError
from service.domain.outside import Outside
from service.persistence.database import IDLE_S, Database, prepare_postgresql
from service.persistence.driver import (
    KeptQuery,
    PreparedPage,
    PreparedQuery,
    ask_together,
    row_of,
)
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from tests.fakes import NOW
from tests.persistence.postgresql import migrated_database

pytestmark = pytest.mark.services

TASK: dict[str, Any] = {
    "key": 7,
    "element_instance_key": 6,
    "instance_key": 5,
    "root_key": 5,
    "scope_key": 5,
    "process_key": 1,
    "process_id": "p",
    "version": 1,
    "element_id": "a",
    "name": "甲",
    "state": "CREATED",
    "candidate_groups": ["cs"],
    "candidate_users": [],
    "priority": 50,
    "headers": {"重": 1.5},
    "properties": {},
    "created_at": NOW,
    "due_at": NOW,
    "row_version": 0,
}
QUERY = select(*tasks.user_tasks.columns).where(tasks.user_tasks.c.key == bindparam("sought"))


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL with one task."""
    with migrated_database() as engine:
        with engine.begin() as connection:
            connection.execute(insert(tasks.user_tasks), [TASK])
        yield engine


def test_a_row_is_what_sqlalchemy_reads(postgresql: Engine) -> None:
    """Moments in UTC, JSON, NULL, in the same places under the same names; None when there is none."""
    prepared = PreparedQuery(QUERY)
    with postgresql.connect() as connection:
        row = prepared.first(connection, {"sought": 7})
        expected = connection.execute(QUERY, {"sought": 7}).one()
        assert row._asdict() == expected._asdict()
        assert row.due_at == NOW
        assert prepared.first(connection, {"sought": 8}) is None


def test_a_page_is_rows_as_they_are_written(postgresql: Engine) -> None:
    """Moments are the same moments, JSON is the same JSON that nobody has read, NULL is nothing."""
    table = tasks.user_tasks
    query = select(table.c.key, table.c.due_at, table.c.headers, table.c.follow_up_at)
    query = query.where(table.c.key.in_([7, 9]), table.c.due_at <= NOW, table.c.name == "甲")
    with postgresql.connect() as connection:
        (row,) = PreparedPage(query).all(connection)
        none = PreparedPage(query.where(table.c.state == "COMPLETED")).all(connection)

    assert (row.key, row.due_at, row.follow_up_at) == (7, NOW, None)
    assert orjson.loads(orjson.dumps(row.headers)) == TASK["headers"]
    assert isinstance(row.headers, orjson.Fragment)
    assert none == []


def test_json_that_is_nothing_is_none(postgresql: Engine) -> None:
    """What a reader of rows replaces by an empty list, he replaces here, too."""
    query = select(cast(null(), tasks.user_tasks.c.headers.type).label("nothing"))
    with postgresql.connect() as connection:
        (row,) = PreparedPage(query).all(connection)

    assert row.nothing is None


def test_json_is_read_as_the_engine_was_told(postgresql: Engine) -> None:
    """By the same function as through SQLAlchemy."""
    engine = create_engine(postgresql.url, json_deserializer=lambda text: f"read {text!r}")
    with Database(engine).asking() as connection:
        assert row_of(connection, "SELECT '[1]'::jsonb", []) == ("read b'[1]'",)
    engine.dispose()


def test_a_page_takes_texts_numbers_and_moments() -> None:
    """Another value has no one way to be written: it is refused as the query is prepared."""
    with pytest.raises(ValueError, match=r"1\.5"):
        PreparedPage(select(literal(1.5).label("number")))


TITLED = KeptQuery(
    select(tasks.user_tasks.c.key, tasks.user_tasks.c.due_at, tasks.user_tasks.c.headers).where(
        tasks.user_tasks.c.due_at <= bindparam("last"),
        tasks.user_tasks.c.key == bindparam("sought"),
    )
)


def test_queries_are_answered_together_as_sqlalchemy_would(postgresql: Engine) -> None:
    """Outside a transaction, in one, and in one that is still to be begun: the same rows by the same names."""
    database = Database(postgresql)
    questions = [(TITLED, {"sought": key, "last": NOW}) for key in (7, 8)]
    answers = []
    with database.asking() as connection:
        answers.append(ask_together(connection, questions))
    with database.reading() as connection:
        answers.append(ask_together(connection, questions))
        answers.append(ask_together(connection, questions))
        expected = connection.execute(TITLED.query, questions[0][1]).one()

    for one, none in answers:
        assert [row._asdict() for row in one] == [expected._asdict()]
        assert list(none) == []


def test_a_connection_lost_while_asking_is_told(postgresql: Engine) -> None:
    """As through SQLAlchemy; the next question has another connection."""
    database = Database(postgresql)
    question = (TITLED, {"sought": 7, "last": NOW})

    def cut() -> None:
        with database.asking() as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with postgresql.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            ask_together(connection, [question])

    with pytest.raises(UnavailableError):
        cut()
    with database.asking() as connection:
        assert len(ask_together(connection, [question])[0]) == 1


def test_a_lost_connection_is_told_and_not_used_again(postgresql: Engine, outside: Outside) -> None:
    """As through SQLAlchemy: the database does not answer; the next command has another connection."""
    database = Database(postgresql)

    def cut() -> None:
        with database.unit(outside) as unit:
            pid = unit.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with postgresql.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            row_of(unit.connection, "SELECT 1", [])

    with pytest.raises(UnavailableError):
        cut()
    with database.unit(outside) as unit:
        assert row_of(unit.connection, "SELECT 1", []) == (1,)


def take_back(unit: Unit) -> None:
    """Roll back as a failed command does."""
    unit.connection.rollback()


def look_after_a_while(unit: Unit) -> None:
    """Roll back as the pool does that looks whether a connection still lives."""
    driver = unit.connection.connection.driver_connection
    assert driver is not None
    driver.rollback()


@pytest.mark.parametrize("rolled_back", [take_back, look_after_a_while])
def test_prepared_statements_are_prepared_anew_when_a_rollback_took_them(
    postgresql: Engine, outside: Outside, rolled_back: Callable[[Unit], None]
) -> None:
    """psycopg has the server forget all statements, as soon as it has one of its own."""
    engine = create_engine(postgresql.url, pool_size=1)
    database = Database(engine)
    for _time in range(2):
        with database.unit(outside) as unit:
            for _often in range(7):
                unit.connection.exec_driver_sql("SELECT %s", (1,))
            assert row_of(unit.connection, "SELECT 2", []) == (2,)
            rolled_back(unit)
            assert row_of(unit.connection, "SELECT 2", []) == (2,)
            unit.commit()
    engine.dispose()


def test_a_connection_that_was_idle_keeps_what_is_prepared(
    postgresql: Engine, outside: Outside
) -> None:
    """It is tried before it is used, and a rollback would take the statements unseen."""
    engine = create_engine(postgresql.url, pool_size=1)
    seconds = [0.0]
    prepare_postgresql(engine, lambda: seconds[0])
    database = Database(engine)
    for _time in range(2):
        with database.unit(outside) as unit:
            for _often in range(7):
                unit.connection.exec_driver_sql("SELECT %s", (1,))
            assert row_of(unit.connection, "SELECT 4", []) == (4,)
            unit.commit()
        seconds[0] += IDLE_S
    engine.dispose()


def test_reading_keeps_what_is_prepared_and_writes_nothing(postgresql: Engine) -> None:
    """A page that reads must not cost the next question its statement."""
    engine = create_engine(postgresql.url, pool_size=1)
    database = Database(engine)
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
        row_of(connection, "SELECT 3", [])
    with database.reading() as connection:
        for _often in range(7):
            connection.exec_driver_sql("SELECT %s", (1,))
    with database.reading() as connection:
        kept = "SELECT count(*) FROM pg_prepared_statements"
        assert connection.exec_driver_sql(kept).scalar_one() >= 2
        with pytest.raises(InternalError, match="read-only"):
            connection.execute(delete(tasks.user_tasks))
    engine.dispose()


def test_a_lock_that_is_not_to_be_had_is_busy(postgresql: Engine, outside: Outside) -> None:
    """Whoever asked has waited."""
    database = Database(postgresql)
    lock = "SELECT key FROM user_tasks FOR UPDATE NOWAIT"

    def meet() -> None:
        with database.unit(outside) as first, database.unit(outside) as second:
            row_of(first.connection, lock, [])
            row_of(second.connection, lock, [])

    with pytest.raises(BusyError) as raised:
        meet()
    assert raised.value.facts["has_waited"]


def test_wrong_values_and_wrong_statements_are_told_as_ever(
    postgresql: Engine, outside: Outside
) -> None:
    """A value that no column can hold is bad input; a statement that is wrong is our failure."""
    database = Database(postgresql)
    with pytest.raises(BadInputError, match="NUL"), database.unit(outside) as unit:
        row_of(unit.connection, "SELECT $1::text", ["a\0"])
    with pytest.raises(ProgrammingError, match="nowhere"), database.unit(outside) as unit:
        row_of(unit.connection, "SELECT * FROM nowhere", [])
