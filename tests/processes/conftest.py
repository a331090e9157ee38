"""A house with everything that is shipped: organisation, parameters, processes, tables, forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from service.domain.outside import Outside
from service.persistence.database import Database
from service.setup import deploy_shipped
from service.usecases import parameters
from service.usecases.definitions import Definitions
from service.usecases.house import House
from service.usecases.house_jobs import HANDLERS
from service.usecases.people import load_directory
from tests.conftest import sqlite_engine
from tests.fakes import FakeClock, FakeRandom, RecordingMail, RecordingQueue
from tests.processes.walker import KEYS, Walker

ROOT = Path(__file__).resolve().parents[2]


def furnish(house: House) -> None:
    """Give a house all that is shipped."""
    load_directory(house, orjson.loads((ROOT / "demo" / "organisation.json").read_bytes()))
    parameters.load_shipped(
        house, orjson.loads((ROOT / "processes" / "parameters.json").read_bytes())
    )
    deploy_shipped(house, ROOT / "processes", ROOT / "forms")


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    """Return the compiled definitions; every test's copy of the house has the same keys."""
    return Definitions()


@pytest.fixture(scope="session")
def furnished(
    empty_sqlite: bytes, definitions: Definitions, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """Return the database of a furnished house, as bytes of its file."""
    path = tmp_path_factory.mktemp("furnished") / "house.sqlite3"
    path.write_bytes(empty_sqlite)
    engine = sqlite_engine(path)
    outside = Outside(FakeClock(), RecordingQueue(), RecordingMail(), KEYS, FakeRandom())
    furnish(House(Database(engine), outside, definitions, HANDLERS))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def walker(
    furnished: bytes,
    definitions: Definitions,
    tmp_path: Path,
    clock: FakeClock,
    queue: RecordingQueue,
    mail_port: RecordingMail,
) -> Iterator[Walker]:
    """Return a walker through a furnished house of this test alone."""
    with walking(furnished, tmp_path, definitions, clock, queue, mail_port) as walker:
        yield walker


@contextmanager
def walking(
    file: bytes,
    folder: Path,
    definitions: Definitions,
    clock: FakeClock,
    queue: RecordingQueue,
    mail_port: RecordingMail,
) -> Iterator[Walker]:
    """Give a walker through the house of a copy of a database."""
    path = folder / "house.sqlite3"
    path.write_bytes(file)
    engine = sqlite_engine(path)
    outside = Outside(clock, queue, mail_port, KEYS, FakeRandom(seed=2))
    yield Walker(House(Database(engine), outside, definitions, HANDLERS), clock, queue, mail_port)
    engine.dispose()
