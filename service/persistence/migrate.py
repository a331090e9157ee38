"""Brings a database to the newest migration; several processes may ask for it at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text

from service.domain.errors import WrongStateError

SCRIPTS = "service.persistence:migrations"
"""Where the migrations lie, as Alembic names a folder inside a package."""

LOCK = 0x6875_6979_696E
"""Number of PostgreSQL's advisory lock that one migrating process holds: «huiyin»."""


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration, all of it or nothing.

    Whoever comes second waits until the first is ready and finds nothing left to do. On SQLite the
    engine must be one of `prepare_sqlite`: the lock is the write lock of the database.

    Raises:
        WrongStateError: A newer program has migrated it, farther than this one knows.
    """
    writing = engine.execution_options(begin="BEGIN IMMEDIATE")
    with writing.begin() as connection:
        _lock(connection)
        configured = configuration(connection)
        known = {one.revision for one in ScriptDirectory.from_config(configured).walk_revisions()}
        if not known.issuperset(_reached(connection)):
            raise WrongStateError(
                "Expected a database of this version or an older one, but it is of a newer one.",
                message="数据库由更新版本的程序建立，本版本无法使用：请运行该版本或更新的程序。",
            )
        command.upgrade(configured, "head")


def is_newest(engine: Engine) -> bool:
    """Tell whether the database is at the newest migration; False where nothing was ever migrated.

    A SQLite file that is not there is not made by being asked for.
    """
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return False
    with engine.connect() as connection:
        newest = ScriptDirectory.from_config(configuration(connection)).get_heads()
        return set(_reached(connection)) == set(newest)


def draft(revision: str, message: str) -> None:
    """Write a new migration file: what the tables have and the migrations do not yet make.

    Read it before it is used: a renamed column, for example, is drafted as a lost and a new one.

    Args:
        revision: Its number, four digits (`0003`).
        message: One sentence; the file's docstring and name.
    """
    with create_engine("sqlite://").begin() as connection:
        configured = configuration(connection)
        command.upgrade(configured, "head")
        command.revision(configured, message=message, autogenerate=True, rev_id=revision)


def configuration(connection: Connection) -> Config:
    """Return what Alembic's commands need to work on this connection, inside its transaction."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _reached(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def _lock(connection: Connection) -> None:
    """Wait for the right to migrate; it ends with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
