"""Picks the real part behind every port and puts the house together."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from service.connectors.mail_folder import MailFolder
from service.connectors.pinned_clock import FileClock
from service.connectors.smtp import SmtpMail
from service.domain.keys import KeyGenerator
from service.domain.outside import Clock, MailPort, Outside
from service.persistence.database import (
    HASH_MEMORY,
    LOCK_TIMEOUT_MS,
    Database,
    prepare_postgresql,
    prepare_sqlite,
)
from service.persistence.json_values import json_value
from service.persistence.kept import KEPT
from service.queue.celery_queue import CeleryQueue, make_celery
from service.settings import Settings
from service.usecases.definitions import Definitions
from service.usecases.house import House, HouseRules
from service.usecases.house_jobs import HANDLERS

SPARE_CONNECTIONS = 4
"""Connections to PostgreSQL beyond one for each request that is worked on: some requests take a second."""

POOL_TIMEOUT_S = 5
"""How long a command waits for a free connection before it is refused."""

PREPARED_AFTER = 2
"""How often a connection to PostgreSQL runs a statement before it is prepared there."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """The house and the real parts that only its doors need."""

    house: House
    queue: CeleryQueue
    secret_key: str


def build(settings: Settings) -> Parts:
    """Return the house on its real parts; the database is migrated already (`preparing`)."""
    database = open_database(settings)
    queue = CeleryQueue(make_celery(settings.queue_url))
    outside = Outside(
        clock=_clock(settings),
        queue=queue,
        mail=_mail(settings),
        new_key=KeyGenerator(database.take_node()),
        random_bytes=secrets.token_bytes,
    )
    house = House(
        database=database,
        outside=outside,
        definitions=Definitions(),
        handlers=HANDLERS,
        rules=HouseRules(public_url=settings.reached_at, upload_bytes=settings.upload_bytes),
    )
    return Parts(house, queue, secret_key(settings))


def _clock(settings: Settings) -> Clock:
    machine = SystemClock()
    if not settings.clock_control:
        return machine
    return FileClock(settings.data / "pinned_clock", machine.now)


def open_database(settings: Settings) -> Database:
    """Return the database of the settings, not migrated."""
    url = settings.sqlalchemy_url
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 10})
        prepare_sqlite(engine)
    else:
        engine = create_engine(
            url,
            pool_size=settings.web_threads,
            max_overflow=SPARE_CONNECTIONS + 2 * KEPT,  # for units, for questions
            pool_timeout=POOL_TIMEOUT_S,
            # The connection used last is warm: it has the house's statements prepared, from the second time.
            pool_use_lifo=True,
            json_deserializer=json_value,
            connect_args={
                "options": f"-c lock_timeout={LOCK_TIMEOUT_MS} "
                # As moments are kept: so the driver need not turn each into another zone.
                f"-c hash_mem_multiplier={HASH_MEMORY} -c TimeZone=UTC",
                "prepare_threshold": PREPARED_AFTER,
            },
        )
        prepare_postgresql(engine)
    return Database(engine)


def secret_key(settings: Settings) -> str:
    """Return the key that signs sessions; made at the first start and kept, readable by the owner only."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret_key"
    if not path.exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        _write_private(path, secrets.token_hex(32))
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    """Write a file that others cannot read; a file that another process made first stays."""
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(text)
    except FileExistsError:
        return


def _mail(settings: Settings) -> MailPort:
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.mail_from)
    return MailFolder(settings.data / "mail", settings.mail_from)
