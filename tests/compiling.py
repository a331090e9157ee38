"""What SQLAlchemy compiled is kept for all databases of a test process, as a house keeps it for requests."""

from typing import Any

from sqlalchemy import Dialect, Engine

_statements: dict[Any, Any] = {}
_dialects: dict[str, Dialect] = {}


def share_statements(engine: Engine) -> None:
    """Let an engine that has no connection yet use what others of its kind have compiled.

    Compiled anew for the database of each test, statements would take a third of the time of a test.
    SQLAlchemy keeps them by their dialect, so that is shared too: the first, as a connection left it.
    """
    name = engine.dialect.name
    if name not in _dialects:
        engine.connect().close()
        engine.dispose()
        _dialects[name] = engine.dialect
    engine.dialect = _dialects[name]
    engine.update_execution_options(compiled_cache=_statements)
