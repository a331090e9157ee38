"""The way of one connection to PostgreSQL: what belongs together goes there and back in one journey.

`BEGIN` travels with the first statement of a transaction, `COMMIT` with the last, and a statement is
prepared as it is first asked. psycopg makes a journey of each, and looks at every step of it in Python;
here libpq, to which it gives access, is asked for the whole.

Source: PostgreSQL «libpq, Pipeline Mode»; psycopg «pq – libpq wrapper module».
"""

import select
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import index
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.string import TextLoader

Value = str | int | None
"""What a statement is given here: texts, among them JSON, and integers."""

Question = tuple[str, Sequence[Value]]
"""A statement, with `$1` for its first value, and its values."""

PREPARED = 200
"""Statements that a connection keeps prepared; the one that was not asked for longest makes room."""

PLAN_ONCE = b"SET LOCAL plan_cache_mode = force_generic_plan"
"""Otherwise the server plans a prepared statement anew the first five times, which takes longer than to run
it: with each connection, and again after each rollback (`WiredConnection`). Commands go by keys: no value
makes another plan better. Pages are asked outside of transactions, where this does not reach."""

BY_KEYS, AS_EVER = b"SET LOCAL enable_seqscan = off", b"SET LOCAL enable_seqscan TO DEFAULT"
"""Around a statement of a transaction that is asked for the first time, and so planned. In a new house all
tables are small: a plan would read them whole, and go on doing so while they grow, until the server looks."""

BEGIN_VIEW = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""A transaction of a reader, as `Database.reading` has it: one view, nothing written."""

BEGIN, COMMIT = b"BEGIN", b"COMMIT"


class WiredConnection(psycopg.Connection[Any]):
    """A connection of psycopg with a wire beside it, which hears of rollbacks.

    After a rollback psycopg has the server forget all prepared statements when it has one of its own.
    """

    @cached_property
    def wire(self) -> "Wire":
        """The wire, made when it is first asked: before, a connection does not know how to read JSON."""
        return Wire(self)

    def commit(self) -> None:
        """Make the transaction durable; nothing to do where there is none, and no generator made for it."""
        if self.info.transaction_status != TransactionStatus.IDLE:
            super().commit()

    def rollback(self) -> None:
        """Take the transaction back, whoever began it; nothing to do where there is none."""
        if self.info.transaction_status != TransactionStatus.IDLE:
            self.wire.is_unsure = True
        super().rollback()


class _JsonAsText:
    """How values of a connection are read where JSON is handed on and nobody looks into it."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self.connection = driver
        self.adapters = AdaptersMap(driver.adapters)
        self.adapters.register_loader("jsonb", TextLoader)


class Wire:
    """Asks over one connection, whose transactions it may begin and end; psycopg goes on beside it.

    Attributes:
        is_unsure: Whether prepared statements may be gone; then it is looked up which are left.
    """

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        """Take a connection; transactions begun here have the characteristics of the server."""
        self.is_unsure = False
        self._driver = driver
        self._reader = Transformer(driver)
        self._json_reader = Transformer(_JsonAsText(driver))
        self._names: OrderedDict[str, bytes] = OrderedDict()
        self._number = 0

    def ask(self, text: str, values: Sequence[Value], *, then_commit: bool) -> Any:
        """Run a statement and return its first row as a tuple, None: it gives none.

        Args:
            text: One statement, with `$1` for the first value. A transaction is begun when none is.
            values: In order.
            then_commit: Whether the transaction ends with it; when the statement fails it does not.

        Raises:
            psycopg.Error: What the server says, or that the connection was lost.
        """
        result = self._asked(text, values, then_commit=then_commit)
        rows = _rows(self._reader, result, min(result.ntuples, 1))
        return rows[0] if rows else None

    def ask_all(self, text: str, values: Sequence[Value]) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows as tuples, JSON in them as its text.

        Args:
            text: One statement, with `$1` for the first value. A transaction is begun when none is.
            values: In order.

        Raises:
            psycopg.Error: What the server says, or that the connection was lost.
        """
        result = self._asked(text, values, then_commit=False)
        return _rows(self._json_reader, result, result.ntuples)

    def ask_together(self, questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
        """Run statements that only read in one journey and return the rows of each.

        All see one moment: that of the transaction that is open, or of one that is theirs alone.

        Args:
            questions: Each a statement with `$1` for its first value, and its values.

        Raises:
            psycopg.Error: What the server says, or that the connection was lost.
        """
        connection = self._driver.pgconn
        is_own = connection.transaction_status == TransactionStatus.IDLE
        assert not is_own or self._driver.autocommit, "psycopg begins its transactions itself"
        before, after = ([BEGIN_VIEW], [COMMIT]) if is_own else ([], [])
        try:
            found = self._journey(before, questions, after)
        finally:
            if is_own and connection.transaction_status == TransactionStatus.INERROR:
                self._driver.rollback()
        return [_rows(self._reader, result, result.ntuples) for result in found]

    def _asked(self, text: str, values: Sequence[Value], *, then_commit: bool) -> PGresult:
        is_idle = self._driver.pgconn.transaction_status == TransactionStatus.IDLE
        is_begun_here = is_idle and not self._driver.autocommit
        assert not (is_begun_here and self._is_special), "begins plain transactions only"
        before = [BEGIN, PLAN_ONCE] if is_begun_here else []
        after = [COMMIT] if then_commit else []
        if not self._driver.autocommit and not self._is_prepared(text):
            before, after = [*before, BY_KEYS], after or [AS_EVER]
        (result,) = self._journey(before, [(text, values)], after)
        return result

    def _journey(
        self, before: Sequence[bytes], questions: Sequence[Question], after: Sequence[bytes]
    ) -> list[PGresult]:
        """Send everything, in order; return what is answered to the questions."""
        given = [_travelling(values) for _text, values in questions]
        names = [self._name_of(text) for text, _values in questions]
        connection = self._driver.pgconn
        try:
            connection.enter_pipeline_mode()
            for command in before:
                connection.send_query_params(command, None)
            for name, values in zip(names, given, strict=True):
                connection.send_query_prepared(name, values)
            for command in after:
                connection.send_query_params(command, None)
            connection.pipeline_sync()
            results = list(_results(connection))
        finally:
            self._leave_pipeline(connection)
        self._require_no_failure(results)
        return results[len(before) : len(before) + len(questions)]

    def _require_no_failure(self, results: Iterable[PGresult]) -> None:
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                _require_alive(self._driver.pgconn)
                self.is_unsure = True
                raise errors.error_from_result(result, self._driver.info.encoding)

    def _name_of(self, text: str) -> bytes:
        """Return the name of a statement, which is prepared on a journey of its own where it is not yet.

        What is prepared stays so, however the transaction ends.
        """
        if not self._is_prepared(text):
            connection = self._driver.pgconn
            if len(self._names) >= PREPARED:
                _text, oldest = self._names.popitem(last=False)
                self._require_no_failure([connection.exec_(b"DEALLOCATE " + oldest)])
            self._number += 1
            name = b"huiyin_%d" % self._number
            self._require_no_failure([connection.prepare(name, text.encode())])
            self._names[text] = name
        self._names.move_to_end(text)
        return self._names[text]

    def _is_prepared(self, text: str) -> bool:
        if self.is_unsure:
            self._look_up_names()
        return text in self._names

    @property
    def _is_special(self) -> bool:
        """Whether transactions of the connection are to be other than plain: psycopg must begin those."""
        is_plain = self._driver.isolation_level in (None, psycopg.IsolationLevel.READ_COMMITTED)
        return not is_plain or bool(self._driver.read_only)

    def _look_up_names(self) -> None:
        found = self._driver.pgconn.exec_(b"SELECT name FROM pg_prepared_statements")
        self._require_no_failure([found])
        left = {found.get_value(row, 0) for row in range(found.ntuples)}
        self._names = OrderedDict((t, name) for t, name in self._names.items() if name in left)
        self.is_unsure = False

    def _leave_pipeline(self, connection: PGconn) -> None:
        """Give the connection back to psycopg; one that was left in mid-journey is closed instead."""
        try:
            connection.exit_pipeline_mode()
        except psycopg.Error:
            self._driver.close()


def _rows(reader: Any, result: PGresult, count: int) -> list[tuple[Any, ...]]:
    """Return the first rows of a result as a `Transformer` reads them."""
    if count == 0:
        return []
    reader.set_pgresult(result)
    rows: list[tuple[Any, ...]] = reader.load_rows(0, count, tuple)
    reader.set_pgresult(None)
    return rows


def _results(connection: PGconn) -> Iterator[PGresult]:
    """Give the result of each part of a journey; after one that failed the server skips the others.

    Raises:
        psycopg.OperationalError: The connection was lost.
    """
    while True:
        _wait(connection)
        result = connection.get_result()
        if result is None:
            _require_alive(connection)
            continue  # between the results of two parts
        if result.status == ExecStatus.PIPELINE_SYNC:
            return
        yield result


def _require_alive(connection: PGconn) -> None:
    """Raise `psycopg.OperationalError` for a connection that was lost: it has no code of an error."""
    if connection.status == ConnStatus.BAD:
        raise psycopg.OperationalError(connection.get_error_message())


def _wait(connection: PGconn) -> None:
    """Return when a result is there; others compute meanwhile, which libpq's own waiting would not allow."""
    while connection.is_busy():
        events = select.POLLIN | (select.POLLOUT if connection.flush() else 0)
        poll = select.poll()
        poll.register(connection.socket, events)
        poll.poll()
        connection.consume_input()


def _travelling(values: Sequence[Value]) -> list[bytes | None]:
    """Return values as they travel.

    Raises:
        psycopg.DataError: A NUL character, which ends a text on this way, or half a character.
        TypeError: Something else than texts and integers.
    """
    try:
        given = [
            None
            if value is None
            else (value if isinstance(value, str) else str(index(value))).encode()
            for value in values
        ]
    except UnicodeEncodeError as error:
        raise psycopg.DataError(f"PostgreSQL text fields cannot contain {error}") from error
    if b"\0" in b"".join(filter(None, given)):
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return given
