"""A database with tables and nothing else, for tests of the search machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from service.identity import Person
from service.persistence.tables import metadata
from tests.compiling import share_statements

AUDITOR = Person("auditor", "审计", roles=frozenset({"auditor"}))


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("tables") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def connection(_template: bytes, tmp_path: Path) -> Iterator[Connection]:
    """Give an open connection to empty tables."""
    path = tmp_path / "tables.db"
    path.write_bytes(_template)
    engine = create_engine(f"sqlite:///{path}")
    share_statements(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
