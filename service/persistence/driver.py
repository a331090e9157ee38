"""Two statements carry a completion; these go to PostgreSQL (`wire`) without SQLAlchemy between.

For each statement SQLAlchemy makes a context, a cursor, a result and its metadata, and asks the driver to
describe every column: together as much processor time as everything else that Python does for a statement.
What it knows is used once, beforehand: the text of a query, and how the columns of its row are read.
Errors come as they would from SQLAlchemy, and the connection and its transaction remain SQLAlchemy's: one
that was ended here it finds ended, and ends it for itself without a journey.

Source: docs/decisions/0019.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

from service.persistence.failures import database_is_lost, value_is_refused
from service.persistence.wire import Value, WiredConnection

_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def wire_up(engine: Engine) -> None:
    """Let an engine on PostgreSQL make connections that `row_of` can use."""

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, given: list[Any], named: dict[str, Any]
    ) -> WiredConnection:
        return WiredConnection.connect(*given, **named)


def row_of(
    connection: Connection, text: str, values: Sequence[Value], *, then_commit: bool = False
) -> tuple[Any, ...] | None:
    """Run a statement on PostgreSQL and return its first row as the driver reads it, or None.

    Args:
        connection: Inside a transaction, of an engine that is wired up.
        text: As PostgreSQL takes it, with `$1` for the first value.
        values: In order.
        then_commit: Whether the transaction is over with it. `connection.commit()` must follow.

    Raises:
        UnavailableError, BadInputError, OperationalError: As the same statement would through SQLAlchemy.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, WiredConnection)
    try:
        row: tuple[Any, ...] | None = driver.wire.ask(text, values, then_commit=then_commit)
    except psycopg.Error as error:
        raise _told(connection, driver, text, error) from error
    return row


class PreparedQuery:
    """A query for one row that a house asks thousands of times an hour, on PostgreSQL."""

    def __init__(self, query: Select[Any]) -> None:
        """Take a query; its bound parameters are given values as it is asked."""
        columns = list(query.selected_columns)
        compiled = query.compile(dialect=_DIALECT)
        self._text, self._constants = str(compiled), compiled.params
        self._order = tuple(compiled.positiontup or ())
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._readers = [
            (place, reader)
            for place, column in enumerate(columns)
            if (reader := _reader(column)) is not None
        ]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the row by the names of its columns, as SQLAlchemy would read it; None: there is none.

        Args:
            connection: Inside a transaction.
            values: By the names of its bound parameters.

        Raises: As `row_of`.
        """
        given = {**self._constants, **values}
        found = row_of(connection, self._text, [given[name] for name in self._order])
        if found is None:
            return None
        read = list(found)
        for place, reader in self._readers:
            read[place] = reader(read[place])
        return self._row._make(read)


def _reader(column: Any) -> Callable[[Any], Any] | None:
    """Return what SQLAlchemy does with a column's value after the driver; None: nothing."""
    kind = column.type.dialect_impl(_DIALECT)
    reader: Callable[[Any], Any] | None = kind.result_processor(_DIALECT, None)
    return reader


def _told(
    connection: Connection, driver: psycopg.Connection[Any], text: str, error: psycopg.Error
) -> BaseException:
    """Return the error that SQLAlchemy, and what listens to it, would have raised."""
    if connection.dialect.is_disconnect(error, driver, None):  # type: ignore[arg-type]
        connection.invalidate(error)
        return database_is_lost()
    if isinstance(error, psycopg.DataError):
        return value_is_refused(error)
    told = DBAPIError.instance(text, None, error, psycopg.Error, dialect=connection.dialect)
    assert isinstance(told, BaseException)
    return told
