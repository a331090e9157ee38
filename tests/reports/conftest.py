"""A connection to an empty database; what a test adds is seen through it and rolled back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from service.persistence.database import Database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Give an open connection."""
    with database.reading() as opened:
        yield opened
