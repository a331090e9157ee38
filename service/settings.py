"""Settings: one frozen value, read once from the environment. Nobody else reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class SettingError(ValueError):
    """A setting in the environment cannot be used; the text names it, what was expected and what is so."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set from outside, each from `HUIYIN_<NAME>`.

    Attributes:
        data: Folder of everything that must survive: database, broker files, mail, secret key.
        port: TCP port of the web server.
        host: Address the web server listens on.
        public_url: How people reach the pages; empty: `http://<host>:<port>`.
        database_url: SQLAlchemy URL; empty: SQLite in `data`.
        broker_url: Redis URL of the queue; empty: the embedded broker in `data`.
        smtp_url: `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`; empty: mail becomes
            `.eml` files in `data/mail`.
        mail_from: Sender of all mail.
        demo: Load the demo organisation and show its passwords (only on a loopback address).
        secret_key: Signs sessions; empty: made once and kept in `data/secret_key`.
        web_processes: Processes of the web server.
        web_threads: Requests that each works on at once.
        web_queue: Requests that wait for their turn in each; one more is refused (503, Retry-After).
        upload_bytes: Largest file taken.
        waiting_polls: Requests of one process that may wait for jobs at the same time.
        processes: Folder of the shipped processes.
        forms: Folder of the shipped forms.
        proxies: Number of trusted reverse proxies in front (their X-Forwarded-* headers count).
        loopback_user: User name in whose name programs on this machine may call `/v2` without
            credentials; empty: nobody. Taken only on a loopback address without proxies.
        clock_control: Operators may pin the clock over the API (`PUT /v2/clock`), to test processes.
            Everything is late or early then: never where people work.
    """

    data: Path = Path("var")
    port: int = 8000
    host: str = "127.0.0.1"
    public_url: str = ""
    database_url: str = ""
    broker_url: str = ""
    smtp_url: str = ""
    mail_from: str = "huiyin@localhost"
    demo: bool = False
    secret_key: str = ""
    web_processes: int = 2
    web_threads: int = 8
    web_queue: int = 32
    upload_bytes: int = 20 * 1024 * 1024
    waiting_polls: int = 4
    processes: Path = Path("processes")
    forms: Path = Path("forms")
    proxies: int = 0
    loopback_user: str = ""
    clock_control: bool = False

    def __post_init__(self) -> None:
        """Refuse settings that contradict each other.

        Raises:
            SettingError: `loopback_user` where others than this machine can reach the server.
        """
        if self.loopback_user and (self.proxies or not self.is_loopback):
            raise SettingError(
                "Expected HUIYIN_LOOPBACK_USER only with a loopback HUIYIN_HOST and without "
                f"HUIYIN_PROXIES, but got '{self.host}' and {self.proxies}."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Return the settings of this process.

        Raises:
            SettingError: A value cannot be read, or a name `HUIYIN_…` is none of ours.
        """
        given = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for name, text in given.items():
            if name.startswith("HUIYIN_") and name not in OF_THE_TESTS:
                key = name.removeprefix("HUIYIN_").lower()
                if key not in READERS:
                    raise SettingError(f"Expected a known setting, but got '{name}'.")
                values[key] = READERS[key](name, text)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def sqlalchemy_url(self) -> str:
        """The database as SQLAlchemy names it."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{(self.data / 'huiyin.sqlite3').absolute()}"

    @property
    def queue_url(self) -> str:
        """The broker as Celery names it: a Redis URL, or the embedded broker's socket."""
        return (
            self.broker_url or f"redis+socket://{(self.data / 'broker' / 'broker.sock').absolute()}"
        )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the web server."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def shows_demo(self) -> bool:
        """Whether the demo organisation is loaded and its passwords stand on the sign-in page."""
        return self.demo and self.is_loopback

    @property
    def reached_at(self) -> str:
        """The address for people, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _text(name: str, text: str) -> str:
    return text.strip()


def _path(name: str, text: str) -> Path:
    return Path(text)


def _number(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise SettingError(f"Expected {name} to be a whole number, but got '{text}'.") from error
    if number < 0:
        raise SettingError(f"Expected {name} to be at least 0, but got {number}.")
    return number


def _switch(name: str, text: str) -> bool:
    switches = {
        "1": True,
        "true": True,
        "yes": True,
        "0": False,
        "false": False,
        "no": False,
        "": False,
    }
    if text.strip().lower() not in switches:
        raise SettingError(f"Expected {name} to be 1 or 0, but got '{text}'.")
    return switches[text.strip().lower()]


OF_THE_TESTS = frozenset(
    {
        "HUIYIN_FUZZ",
        "HUIYIN_MIWG",
        "HUIYIN_RANDOM_DIAGRAMS",
        "HUIYIN_RANDOM_FILES",
        "HUIYIN_RANDOM_RIGHTS",
        "HUIYIN_RANDOM_TABLES",
        "HUIYIN_REQUIRE_BROWSER",
        "HUIYIN_SOAK_SECONDS",
    }
)
"""Names that the test suite reads and the service ignores."""

READERS = {
    "data": _path,
    "port": _number,
    "host": _text,
    "public_url": _text,
    "database_url": _text,
    "broker_url": _text,
    "smtp_url": _text,
    "mail_from": _text,
    "demo": _switch,
    "secret_key": _text,
    "web_processes": _number,
    "web_threads": _number,
    "web_queue": _number,
    "upload_bytes": _number,
    "waiting_polls": _number,
    "processes": _path,
    "forms": _path,
    "proxies": _number,
    "loopback_user": _text,
    "clock_control": _switch,
}
