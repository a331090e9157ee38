"""Real servers for tests and for the bench: PostgreSQL, Valkey, and the parts of the house as processes.

Everything listens on a socket file or on 127.0.0.1 and ends with the `with` block that started it.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from valkey import Valkey

from service.running import broker
from service.settings import Settings
from tests.persistence.postgresql_server import serve
from tests.services.forks import Fork

ROOT = Path(__file__).resolve().parents[2]
START_S = 40.0
"""How long a part may take to be ready on a busy machine."""

STOP_S = 20.0
PAUSE_S = 0.05


@contextmanager
def short_folder() -> Iterator[Path]:
    """Give a temporary folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="hy-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the URL of an empty database on a PostgreSQL server of its own; fsync is on, as shipped."""
    with short_folder() as folder:
        server = serve(folder / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def valkey(folder: Path) -> Iterator[tuple[str, Valkey]]:
    """Give the URL for Celery and a client of a Valkey server of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = str(broker.socket_of(folder))
    with subprocess.Popen(broker.command(folder)) as server:
        try:
            until(lambda: broker.answers(folder), f"{path} answers")
            with Valkey(unix_socket_path=path) as client:
                yield f"redis+socket://{path}", client
        finally:
            server.terminate()


@dataclass
class Part:
    """A process of the house with its children, in a session of its own."""

    name: str
    process: subprocess.Popen[bytes] | Fork
    log: Path

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL to the process and its children."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """End it politely; what does not end in time is killed."""
        if self.is_running:
            self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def text(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text(errors="replace")


@dataclass
class House:
    """The parts of one house, all over the same settings.

    Attributes:
        environment: The `HUIYIN_…` settings of every part.
        has_forks: Whether web servers, workers and beat are forks of a process that has imported them,
            instead of programs that do so themselves.
    """

    folder: Path
    environment: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    has_forks: bool = False

    @property
    def settings(self) -> Settings:
        """The settings as the parts read them."""
        return Settings.from_environment(self.environment)

    def web(self, processes: int = 1, threads: int = 8) -> str:
        """Start a web server on a free port and return its address once it serves."""
        port = free_port()
        own = {
            "HUIYIN_PORT": str(port),
            "HUIYIN_WEB_PROCESSES": str(processes),
            "HUIYIN_WEB_THREADS": str(threads),
        }
        part = self._start_module(f"web-{port}", "service.running.serving", **own)
        address = f"http://127.0.0.1:{port}"
        until(lambda: status(f"{address}/healthz") == 200, f"{address} serves", part)
        return address

    def worker(self, *options: str, app: str = "workers.app") -> Part:
        """Start a worker with one child; ask `/readyz` or the rows whether it works."""
        name = f"worker-{len(self.parts)}"
        return self._start_module(
            name,
            "celery",
            "-A",
            app,
            "worker",
            "--concurrency",
            "1",
            "--hostname",
            f"{name}@house",
            "--loglevel",
            "warning",
            "--without-gossip",
            "--without-mingle",
            *options,
        )

    def beat(self) -> Part:
        """Start the beat."""
        return self._start_module(
            "beat", "celery", "-A", "workers.schedule", "beat", "-l", "warning"
        )

    def start(self, name: str, *arguments: str, **environment: str) -> Part:
        """Start a Python program with the settings of this house, and more of its own."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                (sys.executable, *arguments),
                cwd=ROOT,
                env=clean_environment() | self.environment | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.parts.append(Part(name, process, log))
        return self.parts[-1]

    def _start_module(self, name: str, *program: str, **environment: str) -> Part:
        """Start `python -m` with the settings of this house, and more of its own."""
        if not self.has_forks:
            return self.start(name, "-m", *program, **environment)
        log = self.folder / f"{name}.log"
        whole = clean_environment() | self.environment | environment
        self.parts.append(Part(name, Fork(program, ROOT, whole, log), log))
        return self.parts[-1]

    def stop(self) -> None:
        """End all parts, the last started first."""
        for part in reversed(self.parts):
            if part.process.poll() is None:
                part.process.terminate()
        for part in reversed(self.parts):
            part.stop()


@contextmanager
def house(*, has_forks: bool = False, **settings: str) -> Iterator[House]:
    """Give a house with a data folder of its own and no part started; `settings` as `demo="1"`."""
    with short_folder() as folder:
        environment = {f"HUIYIN_{name.upper()}": value for name, value in settings.items()}
        environment["HUIYIN_DATA"] = str(folder / "data")
        made = House(folder, environment, has_forks=has_forks)
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def house_on_postgresql(
    *, has_forks: bool = False, **settings: str
) -> Iterator[tuple[House, Valkey]]:
    """Give a house on PostgreSQL and Valkey, no part started, and the client of the broker."""
    with ExitStack() as stack:
        url = stack.enter_context(postgresql())
        made = stack.enter_context(house(has_forks=has_forks, database_url=url, **settings))
        broker_url, client = stack.enter_context(valkey(made.folder / "broker"))
        made.environment["HUIYIN_BROKER_URL"] = broker_url
        yield made, client
        made.stop()


def clean_environment() -> dict[str, str]:
    """Return this process's environment without settings of a house."""
    return {name: text for name, text in os.environ.items() if not name.startswith("HUIYIN_")}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def status(address: str) -> int:
    """Return the HTTP status of an address, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def until(
    is_so: Callable[[], object], what: str, part: Part | None = None, seconds: float = START_S
) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: It did not become so in time; the log of `part` is quoted.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline or (part is not None and not part.is_running):
            quoted = f"; its log:\n{part.text()[-3000:]}" if part is not None else ""
            raise AssertionError(f"Expected within {seconds:g} s: {what}{quoted}")
        time.sleep(PAUSE_S)


def kill_children(part: Part) -> None:
    """Kill the processes that a part has started, and wait until it has as many others."""
    parent = psutil.Process(part.process.pid)
    killed = parent.children()
    assert killed
    for process in killed:
        process.kill()

    def has_others() -> bool:
        return len(set(parent.children()) - set(killed)) == len(killed)

    until(has_others, "others take their places", part)
