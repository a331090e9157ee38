"""A connection to an empty database; what a test adds is seen through it and rolled back.

Every test of the reports runs on SQLite and on a real PostgreSQL: their SQL must mean the same on both.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from service.persistence.database import Database
from tests.persistence.postgresql import migrated_database


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Give an open connection to either database."""
    if request.param == "postgresql":
        engine: Engine = request.getfixturevalue("postgresql")
    else:
        database: Database = request.getfixturevalue("database")
        engine = database.engine
    with engine.connect() as opened:
        yield opened
        opened.rollback()
