"""What failed in the database and is no bug of ours, as the house tells it."""

from service.domain.errors import BadInputError, UnavailableError


def database_is_lost() -> UnavailableError:
    """Return the error for a database that is out of reach."""
    return UnavailableError("Expected the database to answer, but it does not.")


def value_is_refused(error: BaseException | None) -> BadInputError:
    """Return the error for a value that no column can hold."""
    return BadInputError(f"Expected values that the database can hold, but it says: {error}")
