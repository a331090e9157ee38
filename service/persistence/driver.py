"""What is asked again and again goes to PostgreSQL (`wire`) past SQLAlchemy: completions, pages of lists.

For each statement SQLAlchemy makes a context, a cursor, a result and its metadata, and asks the driver to
describe every column: together as much processor time as everything else that Python does for a statement.
What it knows is used once, beforehand: the text of a query, and how the columns of its row are read.
Errors come as they would from SQLAlchemy, and the connection and its transaction remain SQLAlchemy's: one
that was ended here it finds ended, and ends it for itself without a journey.

Source: docs/decisions/0019 and 0023.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import JSON, Connection, Engine, Select, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError

from service.persistence.failures import (
    database_is_lost,
    holds_no_such_value,
    is_in_need,
    value_is_refused,
)
from service.persistence.wire import Question, Value, WiredConnection

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
    driver = _driver_of(connection)
    try:
        row: tuple[Any, ...] | None = driver.wire.ask(text, values, then_commit=then_commit)
    except psycopg.Error as error:
        raise _told(connection, driver, text, error) from error
    return row


class _Prepared:
    """A query as PostgreSQL takes it."""

    def __init__(self, query: Select[Any]) -> None:
        self._columns = list(query.selected_columns)
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self._text, self._constants = str(compiled), compiled.params
        self._order = tuple(compiled.positiontup or ())
        names = [str(column.key) for column in self._columns]
        self._row: Any = namedtuple("Row", names)  # type: ignore[misc]

    def _given(self, values: Mapping[str, Any]) -> list[Any]:
        given = {**self._constants, **values}
        return [given[name] for name in self._order]


class PreparedQuery(_Prepared):
    """A query for one row that a house asks thousands of times an hour, on PostgreSQL."""

    def __init__(self, query: Select[Any]) -> None:
        """Take a query; its bound parameters are given values as it is asked."""
        super().__init__(query)
        self._readers = [
            (place, reader)
            for place, column in enumerate(self._columns)
            if (reader := _reader(column)) is not None
        ]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Return the row by the names of its columns, as SQLAlchemy would read it; None: there is none.

        Args:
            connection: Inside a transaction.
            values: By the names of its bound parameters.

        Raises: As `row_of`.
        """
        found = row_of(connection, self._text, self._given(values))
        return None if found is None else self.read(found)

    def question(self, values: Mapping[str, Any]) -> Question:
        """Return the query with the values of its bound parameters, as it travels."""
        return self._text, [_travelling(value) for value in self._given(values)]

    def read(self, found: Sequence[Any]) -> Any:
        """Return a row of the driver as SQLAlchemy would read it."""
        read = list(found)
        for place, reader in self._readers:
            read[place] = reader(read[place])
        return self._row._make(read)


class KeptQuery:
    """A query that is asked again and again, each time with values of its own, on either database."""

    def __init__(self, query: Select[Any]) -> None:
        """Take a query whose columns have names; its bound parameters are given values as it is asked."""
        self.query = query

    @cached_property
    def prepared(self) -> PreparedQuery:
        """The same as PostgreSQL takes it."""
        return PreparedQuery(self.query)


def ask_together(
    connection: Connection, questions: Sequence[tuple[KeptQuery, Mapping[str, Any]]]
) -> list[Sequence[Any]]:
    """Return the rows of some queries by the names of their columns.

    On PostgreSQL they take one journey, and see one moment even where the connection only asks
    (`Database.asking`). A transaction that SQLAlchemy is still to begin they leave to it, and go its way.

    Args:
        connection: Of either database.
        questions: Each a query and values by the names of its bound parameters.

    Raises: As `row_of`.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, WiredConnection) or _is_to_be_begun(driver):
        return [connection.execute(kept.query, values).all() for kept, values in questions]
    asked = [kept.prepared.question(values) for kept, values in questions]
    try:
        found = driver.wire.ask_together(asked)
    except psycopg.Error as error:
        raise _told(connection, driver, asked[0][0], error) from error
    return [
        [kept.prepared.read(row) for row in rows]
        for (kept, _values), rows in zip(questions, found, strict=True)
    ]


def _is_to_be_begun(driver: WiredConnection) -> bool:
    return not driver.autocommit and driver.info.transaction_status == TransactionStatus.IDLE


class PreparedPage(_Prepared):
    """A query for a page of rows that many look at, on PostgreSQL, whose values are written and not read."""

    def __init__(self, query: Select[Any]) -> None:
        """Take a query with all its values.

        Raises:
            ValueError: One of them is no text, number or moment: others do not travel on this way.
        """
        super().__init__(query)
        self._values = [_travelling(value) for value in self._given({})]
        self._json_places = [
            place for place, column in enumerate(self._columns) if isinstance(column.type, JSON)
        ]

    def all(self, connection: Connection) -> list[Any]:
        """Return the rows by the names of their columns.

        Moments are aware, in the zone of the connection; JSON is an `orjson.Fragment`, which orjson
        writes as the database has it.

        Args:
            connection: Of an engine that is wired up.

        Raises: As `row_of`.
        """
        driver = _driver_of(connection)
        try:
            found = driver.wire.ask_all(self._text, self._values)
        except psycopg.Error as error:
            raise _told(connection, driver, self._text, error) from error
        return [self._read(row) for row in found]

    def _read(self, found: Sequence[Any]) -> Any:
        read = list(found)
        for place in self._json_places:
            if read[place] is not None:
                read[place] = orjson.Fragment(read[place])
        return self._row._make(read)


def _reader(column: Any) -> Callable[[Any], Any] | None:
    """Return what SQLAlchemy does with a column's value after the driver; None: nothing."""
    kind = column.type.dialect_impl(_DIALECT)
    reader: Callable[[Any], Any] | None = kind.result_processor(_DIALECT, None)
    return reader


def _travelling(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, Value):
        raise ValueError(f"expected a text, a number or a moment, got {value!r}")
    return value


def _driver_of(connection: Connection) -> WiredConnection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, WiredConnection)
    return driver


def _told(
    connection: Connection, driver: psycopg.Connection[Any], text: str, error: psycopg.Error
) -> BaseException:
    """Return the error that SQLAlchemy, and what listens to it, would have raised."""
    if connection.dialect.is_disconnect(error, driver, None):  # type: ignore[arg-type]
        connection.invalidate(error)
        connection.engine.dispose()  # The server may have gone: the others are lost, too.
        return database_is_lost(error)
    if is_in_need(error):
        return database_is_lost(error)
    if holds_no_such_value(error):
        return value_is_refused(error)
    told = DBAPIError.instance(text, None, error, psycopg.Error, dialect=connection.dialect)
    assert isinstance(told, BaseException)
    return told
