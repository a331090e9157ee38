"""What failed in the database and is no bug of ours, as the house tells it."""

import logging
import sqlite3

import psycopg
from psycopg.errors import ProgramLimitExceeded

from service.domain.errors import BadInputError, UnavailableError
from service.logs import Seldom

log = logging.getLogger(__name__)
log.addFilter(Seldom(UnavailableError))

READ_ONLY = "25006"
"""PostgreSQL's code for writing where nothing may be written: it has become the standby of another."""

_IN_NEED = ("53", "57", "58")
"""Classes of PostgreSQL's codes: out of room, memory or connections; ended from outside; files cannot be read.

Of the second is a statement that took longer than `statement_timeout`, too.
"""

_OUT_OF_REACH = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
    }
)
"""SQLite's codes for: cannot read or write, no room, cannot open, may not write, no memory."""


def database_is_lost(cause: BaseException | None) -> UnavailableError:
    """Return the error for a database that is out of reach; the log is told why, once a minute."""
    error = UnavailableError("Expected the database to answer, but it does not.")
    log.warning("The database does not do its work: %s", cause, exc_info=error)
    return error


def is_in_need(error: BaseException | None) -> bool:
    """Tell whether a database answers that it cannot do what it could at another time, whatever is asked."""
    if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _OUT_OF_REACH:
        return True
    sqlstate = getattr(error, "sqlstate", None) or ""
    return sqlstate[:2] in _IN_NEED or sqlstate == READ_ONLY


def holds_no_such_value(error: BaseException | None) -> bool:
    """Tell whether a database refuses a value: no column holds it, or no index of PostgreSQL.

    SQLite tells of a number that is too large by an error of Python's own.
    """
    return isinstance(error, psycopg.DataError | ProgramLimitExceeded | OverflowError)


def value_is_refused(error: BaseException | None) -> BadInputError:
    """Return the error for a value that no column or index can hold."""
    return BadInputError(f"Expected values that the database can hold, but it says: {error}")
