"""Connections stay with the units of work, for as long as they are known to be good."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from sqlite3 import ProgrammingError

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from service.persistence.kept import KEPT, KEPT_S, KeptConnections


@dataclass
class Kept:
    """Connections kept on a database of their own, and the time."""

    engine: Engine
    seconds: list[float] = field(default_factory=lambda: [0.0])

    def __post_init__(self) -> None:
        """Keep none yet."""
        self.connections = KeptConnections(self.engine, lambda: self.seconds[0])

    def taken(self) -> int:
        """Return how many connections the pool has given out."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout()


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Give connections to SQLite in memory, one database each: what is written tells them apart."""
    engine = create_engine("sqlite://", poolclass=QueuePool)
    yield Kept(engine)
    engine.dispose()


def mark(connection: Connection, text: str) -> None:
    """Leave something in the database of this connection alone, and commit it."""
    connection.exec_driver_sql(f"CREATE TABLE {text} (n)")
    connection.commit()


def marks(connection: Connection) -> list[str]:
    """Return what was left in the database of this connection."""
    query = "SELECT name FROM sqlite_master ORDER BY name"
    found = list(connection.exec_driver_sql(query).scalars())
    connection.commit()
    return found


def test_the_next_unit_has_the_connection_of_the_last(kept: Kept) -> None:
    """The pool is not asked: it counts the connection as given out."""
    with kept.connections.connection() as connection:
        mark(connection, "a")
    with kept.connections.connection() as connection:
        assert marks(connection) == ["a"]
    assert kept.taken() == 1


def test_two_at_once_have_two(kept: Kept) -> None:
    """What one of them is in the midst of is no business of the other."""
    with kept.connections.connection() as one, kept.connections.connection() as other:
        mark(one, "a")
        assert marks(other) == []


def test_a_unit_that_left_something_undone_does_not_keep_its_connection(kept: Kept) -> None:
    """The pool takes back what was begun."""
    with kept.connections.connection() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert kept.taken() == 0


def test_a_connection_that_was_lost_is_not_kept(kept: Kept) -> None:
    """Whoever comes next has another one."""
    with kept.connections.connection() as connection:
        connection.invalidate()
    assert kept.taken() == 0


def test_one_that_nobody_used_for_long_is_left_to_the_pool(kept: Kept) -> None:
    """The server may have been restarted: the pool tries it before it gives it out again."""
    with kept.connections.connection() as connection:
        mark(connection, "a")
    kept.seconds[0] = KEPT_S
    tried: list[bool] = []
    event.listen(kept.engine, "checkout", lambda *_: tried.append(True))
    with kept.connections.connection():
        pass
    assert tried == [True]


def test_few_are_kept(kept: Kept) -> None:
    """What many need at once for a moment goes back to the pool, for readers."""
    used = [kept.connections.connection() for _ in range(KEPT + 2)]
    for one in used:
        one.__enter__()
    for one in used:
        one.__exit__(None, None, None)
    assert kept.taken() == KEPT


def test_closing_closes_them(kept: Kept) -> None:
    """The server is left with none."""
    with kept.connections.connection() as connection:
        driver = connection.connection.driver_connection
    kept.connections.close()
    assert kept.taken() == 0
    assert driver is not None
    with pytest.raises(ProgrammingError, match="closed database"):
        driver.execute("SELECT 1")
