"""The database: SQLite (WAL) on one machine, PostgreSQL on many; how to read it and how to write it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, ExceptionContext, event, insert, select, update
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.domain.errors import BusyError, OverloadedError
from service.domain.outside import Outside
from service.persistence.driver import wire_up
from service.persistence.failures import (
    READ_ONLY,
    database_is_lost,
    holds_no_such_value,
    is_in_need,
    value_is_refused,
)
from service.persistence.kept import KeptConnections
from service.persistence.rare_facts import RareFacts
from service.persistence.tables import house
from service.persistence.unit import Unit

BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite writer waits for another before the command is refused as busy."""

LOCK_TIMEOUT_MS = 4_000
"""How long a command waits for a lock on PostgreSQL before it is refused as busy."""

HASH_MEMORY = 16
"""How many times `work_mem` (4 MB as shipped) a hash table may have on PostgreSQL.

Who may see what is asked by hash tables of cases and tasks; one that does not fit is read from end to end
for every row instead, a thousand times as slow. Two million keys fit.
"""

IDLE_S = 5.0
"""A connection to PostgreSQL that nobody used for so long is tried before it is used."""

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Transactions of readers on PostgreSQL: its default looks anew with each statement, and lets them write.

SQLite's WAL gives the one view by itself.
"""

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code for a lock that was waited for until `LOCK_TIMEOUT_MS` were over."""

MEETINGS = frozenset({"40001", "40P01", "23505", LOCK_NOT_AVAILABLE})
"""PostgreSQL's codes for: could not serialize, deadlock, unique violation, lock not available.

A command looks for what stands there before it writes, so what is written twice was written meanwhile.
"""


class Database:
    """Gives read connections and units of work over one SQLAlchemy engine (`bootstrap.open_database`)."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine; on SQLite, units begin with the write lock so that they never deadlock."""
        self.engine = engine
        event.listen(engine, "handle_error", self._translate)
        self.rare = RareFacts()
        self.is_sqlite = engine.dialect.name == "sqlite"
        if not self.is_sqlite:
            wire_up(engine)
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._reading = engine if self.is_sqlite else engine.execution_options(**READING)
        self._asking = (
            engine if self.is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        )
        self._for_units = KeptConnections(self._writing)
        self._for_questions = KeptConnections(self._asking)
        event.listen(engine, "engine_disposed", self._close_kept)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection with one consistent view; nothing may be written through it.

        Raises:
            BadInputError: A value that no column can hold.
            UnavailableError: The database does not answer.
            OverloadedError: All connections are in use.
        """
        # Ended by a commit: after a rollback psycopg has all prepared statements thrown away.
        with _bounded(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Give a connection for one question: each statement through it sees the moment it is asked.

        Nothing is begun and ended around it, which would take longer than many a question. Nothing may
        be written through it.

        Raises:
            BadInputError, UnavailableError, OverloadedError: As `reading`.
        """
        with _bounded(), self._for_questions.connection() as connection:
            yield connection
            connection.rollback()  # Nothing to the server: SQLAlchemy thinks that it has begun something.

    @contextmanager
    def unit(self, outside: Outside, *, is_routine: bool = False) -> Iterator[Unit]:
        """Give a unit of work; leaving it without `commit()` rolls everything back.

        Args:
            outside: The ports.
            is_routine: Whether it is one of many of every minute, which change nobody's rights: what this
                process remembers of people then stands without looking.

        Raises:
            BusyError: A lock was not to be had (`has_waited`: until the time-out), the database broke a
                deadlock, or somebody else has just written the same; nothing was written.
            BadInputError: A value that no column can hold: a NUL character or a name of thousands of signs on
                PostgreSQL, a number too large.
            UnavailableError: The database does not answer, or was lost; nothing is half-written.
            OverloadedError: All connections are in use.
        """
        try:
            with self._for_units.connection() as connection:
                connection.begin()
                unit = Unit(connection, outside)
                yield unit
        except PoolTimeoutError as error:
            raise _all_in_use() from error
        except (OperationalError, IntegrityError) as error:
            if not _is_meeting(error):
                raise
            has_waited = getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE
            raise BusyError(
                "Expected to write now, but somebody else is writing.", has_waited=has_waited
            ) from error
        if unit.is_committed and not is_routine:
            self.rare.look_again()
        unit.send_jobs()

    def _close_kept(self, _engine: Engine) -> None:
        self._for_units.close()
        self._for_questions.close()

    def _translate(self, context: ExceptionContext) -> None:
        """Translate what is no bug of ours: a lost database, a value that no column or index can hold."""
        error = context.original_exception
        if context.is_disconnect:
            self._close_kept(self.engine)
        if _is_lost(context):
            raise database_is_lost(error) from error
        if isinstance(context.sqlalchemy_exception, DataError) or holds_no_such_value(error):
            raise value_is_refused(error) from error

    def take_node(self) -> int:
        """Take the next node number for a `KeyGenerator`; they go round after 1024 starts."""
        with self._writing.connect() as connection, connection.begin():
            row = connection.execute(
                update(house.nodes)
                .where(house.nodes.c.name == "keys")
                .values(last=house.nodes.c.last + 1)
                .returning(house.nodes.c.last)
            ).scalar_one_or_none()
            if row is None:
                connection.execute(insert(house.nodes).values(name="keys", last=0))
                row = 0
        return int(row) % 1024

    def is_alive(self) -> bool:
        """Return True when the database answers."""
        try:
            with self.reading() as connection:
                return bool(connection.execute(select(1)).scalar_one() == 1)
        except OverloadedError:
            return False


@contextmanager
def _bounded() -> Iterator[None]:
    """Translate waiting in vain for a free connection."""
    try:
        yield
    except PoolTimeoutError as error:
        raise _all_in_use() from error


def _all_in_use() -> OverloadedError:
    return OverloadedError("Expected a free connection, but all are in use.")


def _is_lost(context: ExceptionContext) -> bool:
    """Tell whether the database is not to be reached; a look before use (pre-ping) mends that by itself."""
    if context.is_pre_ping or not isinstance(context.sqlalchemy_exception, DBAPIError):
        return False
    is_refused = context.connection is None and isinstance(
        context.sqlalchemy_exception, OperationalError
    )
    if context.is_disconnect or is_refused:
        return True
    return is_in_need(context.original_exception) and not _writes_as_reader(context)


def _writes_as_reader(context: ExceptionContext) -> bool:
    """Tell whether something was to be written through `reading`, which is a bug of ours."""
    if getattr(context.original_exception, "sqlstate", None) != READ_ONLY:
        return False
    options = {} if context.connection is None else context.connection.get_execution_options()
    return bool(options.get("postgresql_readonly"))


def _is_meeting(error: DBAPIError) -> bool:
    """Tell whether two transactions met. A lost connection is none: who knows what was committed."""
    sqlstate = getattr(error.orig, "sqlstate", None)
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return sqlstate in MEETINGS or code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def prepare_sqlite(engine: Engine) -> None:
    """Make a SQLite engine durable and concurrent: WAL, full sync, foreign keys, explicit BEGIN.

    pysqlite's own transaction handling is switched off, since it begins too late to lock in time.
    Does nothing for another dialect.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkin")
    def _on_checkin(dbapi_connection: Any, _record: Any) -> None:
        # A commit for which the disk had no room leaves the transaction open, with the lock of who writes;
        # SQLAlchemy takes it to be over and gives the connection back as it is.
        if dbapi_connection is not None and dbapi_connection.in_transaction:
            dbapi_connection.rollback()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def prepare_postgresql(engine: Engine, seconds: Callable[[], float] = time.monotonic) -> None:
    """Try connections that were idle before they are used: the server may have been restarted since.

    One that was used a moment ago is not tried: that would be a statement more in every request. The trial
    is no transaction: with its rollback psycopg would have the server forget all prepared statements, ours
    (`wire`) too.
    """

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = seconds()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if seconds() - record.info.get("used_at", seconds()) < IDLE_S:
            return
        if connection.pgconn.exec_(b"").status != ExecStatus.EMPTY_QUERY:
            raise DisconnectionError
