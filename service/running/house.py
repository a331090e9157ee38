"""Runs the parts of the house on one machine: broker, web, worker, beat, each a process of its own."""

import fcntl
import http.client
import multiprocessing
import signal
import socket
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from multiprocessing.connection import Connection

from service.bootstrap import build
from service.running import broker
from service.running.family import STOPPING, Family, load
from service.running.preparing import prepare
from service.settings import SettingError, Settings
from service.setup import set_up
from service.usecases import heartbeats

START_WITHIN_S = 120
"""How long the web server may take until it serves."""

WORKER = "worker"
"""Its signs of life are ended with it, so that the next command need not wait for them to grow old."""

PARTS = {"web": "service.running.serving", WORKER: "workers.app", "beat": "workers.schedule"}
"""Module of each part beside the broker, by the name that is told: its `main()` is the part."""

LOADED = ("service.app", *PARTS.values(), "kombu.transport.redis")
"""What several parts need: the house, what they are, and what Celery would load when it first sends."""


def run_all(settings: Settings) -> int:
    """Prepare the data, start all parts, wait for Ctrl-C, end them; return the exit status."""
    family = Family(tell=_say)

    def ask_to_stop(_signal: int, _frame: types.FrameType | None) -> None:
        family.is_stopping = True

    for number in STOPPING:
        signal.signal(number, ask_to_stop)
    try:
        require_free_port(settings)
        with own_data(settings):
            load(LOADED)
            return 0 if family.is_stopping else _run_parts(family, settings)
    except (SettingError, TimeoutError) as error:
        _say(str(error))
        return 2
    finally:
        family.stop()
        if any(part.name == WORKER for part in family.parts):
            heartbeats.end(build(settings).house, WORKER)


def require_free_port(settings: Settings) -> None:
    """Check that nobody listens where the web server is to listen.

    Raises:
        SettingError: Somebody does, or the address is none of this machine.
    """
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(kind) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingError(
                f"Expected to listen on {settings.host}:{settings.port} (HUIYIN_HOST, HUIYIN_PORT), "
                f"but: {error.strerror}."
            ) from error


@contextmanager
def own_data(settings: Settings) -> Iterator[None]:
    """Keep the data folder for this command and its parts: two brokers would write over each other.

    Raises:
        SettingError: Another one has it, or the path of the folder is too long for a socket.
    """
    if settings.broker_url:
        yield
        return
    folder = broker.folder_of(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(settings, "another `make run` does") from error
        if broker.answers(folder):
            raise _taken(settings, "a broker runs in it")
        yield


def _taken(settings: Settings, by: str) -> SettingError:
    return SettingError(
        f"Expected nobody to use the data folder '{settings.data}', but {by}: "
        "end the other `make run`, or choose another HUIYIN_DATA."
    )


def _run_parts(family: Family, settings: Settings) -> int:
    if not settings.broker_url:
        # First, so that it ends last: the others talk to it while they end.
        family.start("broker", "service.running.broker")
    lines = _prepared(family, settings)
    if lines is None:
        return 0 if family.is_stopping else 1
    for name, module in PARTS.items():
        family.start(name, module)
    goes_on = family.keep(until=_Served(settings))
    if goes_on and not family.is_stopping:
        _say(f"回音已启动：{settings.reached_at}", *lines, "按 Ctrl-C 结束。")
        goes_on = family.keep()
    return 0 if goes_on else 1


def _prepared(family: Family, settings: Settings) -> list[str] | None:
    """Return what a start has to say once the data is ready; None: it is not, or somebody asked to stop."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    with receiver, sender:
        is_ready = family.ask("prepare", _prepare, settings, sender)
        lines: list[str] | None = receiver.recv() if is_ready else None
    return None if family.is_stopping else lines


def _prepare(settings: Settings, sender: Connection) -> None:
    """Prepare the data, in a process of its own: it has connections, and memory that nobody needs later."""
    prepare(settings)
    sender.send(set_up(settings, build(settings).house))


class _Served:
    """Tells whether the web server answers; a server that takes too long counts as stuck."""

    def __init__(self, settings: Settings) -> None:
        self._host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
        self._port = settings.port
        self._deadline = time.monotonic() + START_WITHIN_S

    def __call__(self) -> bool:
        """Return whether `/healthz` answers 200.

        Asked for directly, whatever proxy the environment names.

        Raises:
            TimeoutError: It answers something else, or nothing for `START_WITHIN_S`.
        """
        connection = http.client.HTTPConnection(self._host, self._port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"{self._host}:{self._port} does not answer.") from error
            return False
        finally:
            connection.close()
        if status != HTTPStatus.OK:
            raise TimeoutError(f"{self._host}:{self._port}/healthz answers {status}.")
        return True


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
