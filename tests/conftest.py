"""What all tests may ask for: a house on SQLite in a temporary file, with fakes behind its ports."""

import gc
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine
from sqlalchemy.event import listen

from service.domain.keys import KeyGenerator
from service.domain.outside import Outside
from service.identity import Person, passwords
from service.logs import set_up_logs
from service.persistence.database import Database, prepare_sqlite
from service.persistence.migrate import upgrade
from service.usecases.definitions import Definitions
from service.usecases.house import House
from service.usecases.house_jobs import HANDLERS
from tests.compiling import share_statements
from tests.factories import load_people
from tests.fakes import FakeClock, FakeRandom, RecordingMail, RecordingQueue
from tests.spreading import Spreading

LOOPBACK = ("127.", "::1", "localhost")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading | None:
    """Spread the tests over several processes in our own way, where files are to stay together."""
    return Spreading(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_configure() -> None:
    """Let nobody look for garbage while modules are loaded: a fifth of that time would go into it."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Take what was loaded out of the garbage collector's sight: it stays until the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """Refuse every connection that leaves this machine: no test depends on the network."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(
                f"Expected a test to stay on this machine, but it calls {address}."
            )
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        # The one way to hold it for every library at once.
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def _logs_as_the_house_does() -> None:
    """Write logs as lines of JSON: structlog's own default draws exceptions, seconds for each."""
    set_up_logs()


@pytest.fixture(scope="session", autouse=True)
def shipped_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords at next to no cost, and give the hasher as shipped to the tests that are about it.

    It is made to take long: a tenth of the time of the tests went into it.
    """
    shipped = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        # What it costs is no setting of the house: nobody may make it cheap.
        patch.setattr(passwords, "_HASHER", PasswordHasher(1, 16, 1))
        yield shipped


@pytest.fixture
def hashed_as_shipped(shipped_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the house does, for tests about that."""
    monkeypatch.setattr(passwords, "_HASHER", shipped_hasher)


@pytest.fixture
def clock() -> FakeClock:
    """Return the clock of the house, at `fakes.NOW`."""
    return FakeClock()


@pytest.fixture
def queue() -> RecordingQueue:
    """Return the queue of the house; nothing works off what is sent."""
    return RecordingQueue()


@pytest.fixture
def mail_port() -> RecordingMail:
    """Return the mail port of the house."""
    return RecordingMail()


@pytest.fixture
def outside(clock: FakeClock, queue: RecordingQueue, mail_port: RecordingMail) -> Outside:
    """Return the fakes behind the ports."""
    return Outside(
        clock=clock,
        queue=queue,
        mail=mail_port,
        new_key=KeyGenerator(node=1),
        random_bytes=FakeRandom(),
    )


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a migrated SQLite database with no rows in it, as bytes of its file."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    engine = sqlite_engine(path)
    upgrade(engine)
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def sqlite_file(empty_sqlite: bytes) -> bytes:
    """Return what the database of a test holds at first: nothing, where no folder furnishes it."""
    return empty_sqlite


@pytest.fixture
def database(sqlite_file: bytes, tmp_path: Path) -> Iterator[Database]:
    """Return a database of this test alone."""
    path = tmp_path / "huiyin.sqlite3"
    path.write_bytes(sqlite_file)
    engine = sqlite_engine(path)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def house(database: Database, outside: Outside) -> House:
    """Return a house without people or processes."""
    return House(database, outside, Definitions(), HANDLERS)


@pytest.fixture(scope="session")
def house_of_nobody() -> House:
    """Return a house that serves nobody, for applications that are made before the house of a test."""
    outside = Outside(
        FakeClock(), RecordingQueue(), RecordingMail(), KeyGenerator(node=1), FakeRandom()
    )
    return House(Database(create_engine("sqlite://")), outside, Definitions(), HANDLERS)


@pytest.fixture
def people(house: House) -> dict[str, Person]:
    """Return the people of `factories.directory()`, who work in the house, by user name."""
    return load_people(house)


def furnished_file(empty: bytes, path: Path, furnish: Callable[[House], None]) -> bytes:
    """Return a database as bytes of its file, after a house on it was furnished; keys are those of node 2."""
    path.write_bytes(empty)
    engine = sqlite_engine(path)
    outside = Outside(
        FakeClock(), RecordingQueue(), RecordingMail(), KeyGenerator(node=2), FakeRandom()
    )
    furnish(House(Database(engine), outside, Definitions(), HANDLERS))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path.read_bytes()


def sqlite_engine(path: Path) -> Engine:
    """Return an engine on a SQLite file, set up as the service does it, but that it may lose a power cut.

    Waiting for the disk at each commit would be a sixth of the time of the tests.
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    share_statements(engine)
    prepare_sqlite(engine)
    listen(engine, "connect", _do_not_wait_for_the_disk)
    return engine


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
