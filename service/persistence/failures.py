"""What failed in the database and is no bug of ours, as the house tells it."""

import psycopg
from psycopg.errors import ProgramLimitExceeded

from service.domain.errors import BadInputError, UnavailableError


def database_is_lost() -> UnavailableError:
    """Return the error for a database that is out of reach."""
    return UnavailableError("Expected the database to answer, but it does not.")


def holds_no_such_value(error: BaseException | None) -> bool:
    """Tell whether a database refuses a value: no column holds it, or no index of PostgreSQL.

    SQLite tells of a number that is too large by an error of Python's own.
    """
    return isinstance(error, psycopg.DataError | ProgramLimitExceeded | OverflowError)


def value_is_refused(error: BaseException | None) -> BadInputError:
    """Return the error for a value that no column or index can hold."""
    return BadInputError(f"Expected values that the database can hold, but it says: {error}")
