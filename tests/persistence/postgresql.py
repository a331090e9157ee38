"""A real PostgreSQL for tests: one server for the run, a database of its own for each that asks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text

from service.persistence.driver import wire_up
from service.persistence.migrate import upgrade
from service.persistence.wire import Wire
from tests.compiling import share_statements
from tests.persistence.postgresql_server import serve

TEMPLATE = "migrated"

_numbers = count(1)


@contextmanager
def fresh_database(template: str = "template1") -> Iterator[Engine]:
    """Give an engine on a copy of another database, which is empty as a rule; it is dropped afterwards."""
    name = f"test_{next(_numbers)}"
    _say(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine = create_engine(_url().set(database=name))
    wire_up(engine)
    try:
        yield engine
    finally:
        engine.dispose()
        _say(f"DROP DATABASE {name}")


@contextmanager
def migrated_database() -> Iterator[Engine]:
    """Give an engine on a database with all tables and no rows; it is dropped afterwards.

    These engines share what SQLAlchemy has compiled, as those of `tests.conftest.sqlite_engine` do.
    """
    _make_template()
    with fresh_database(TEMPLATE) as engine:
        share_statements(engine)
        yield engine


@contextmanager
def noted_statements() -> Iterator[list[str]]:
    """Give the list that every statement of this process is noted in, whichever way it goes to the driver.

    What is asked together in one journey is noted as one.
    """
    statements: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(cursor: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        statements.append(str(query))
        return execute(cursor, query, *arguments, **more)

    ask, ask_all, ask_together = Wire.ask, Wire.ask_all, Wire.ask_together

    def noting_direct(wire: Wire, statement: str, *arguments: Any, **more: Any) -> Any:
        statements.append(statement)
        return ask(wire, statement, *arguments, **more)

    def noting_all(wire: Wire, statement: str, values: Any) -> Any:
        statements.append(statement)
        return ask_all(wire, statement, values)

    def noting_together(wire: Wire, questions: Any) -> Any:
        statements.append("; ".join(text for text, _values in questions))
        return ask_together(wire, questions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        patch.setattr(Wire, "ask_together", noting_together)
        patch.setattr(Wire, "ask", noting_direct)
        patch.setattr(Wire, "ask_all", noting_all)
        yield statements


@cache
def _make_template() -> None:
    """Migrate a database, once a process: copying it takes a tenth of the time."""
    _say(f"CREATE DATABASE {TEMPLATE}")
    engine = create_engine(_url().set(database=TEMPLATE))
    upgrade(engine)
    engine.dispose()


def _say(command: str) -> None:
    keeper = create_engine(_url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with keeper.connect() as connection:
        connection.execute(text(command))


def _url() -> URL:
    return make_url(_server().get_uri()).set(drivername="postgresql+psycopg")


@cache
def _server() -> Any:
    """Return the server of this run; it ends with the process, and need not survive a power cut."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-postgresql-"))
    server = serve(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    return server
