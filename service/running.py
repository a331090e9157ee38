"""Runs the parts of the house on one machine: broker, web, worker, beat, each a process of its own."""

import signal
import socket
import subprocess
import sys
import time
import types
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

from service import broker
from service.bootstrap import build
from service.preparing import prepare
from service.settings import SettingError, Settings
from service.setup import set_up
from service.usecases import heartbeats

START_WITHIN_S = 120
"""How long the web server may take until it serves."""

STOP_AFTER_S = 15
"""How long a part may take to end before it is killed."""

LOOK_EVERY_S = 0.2

BROKER = "broker"
"""Ends last: the others talk to it while they end."""

WORKER = "worker"
"""Its signs of life are ended with it, so that the next command need not wait for them to grow old."""

ROOT_WARNING = "You're running the worker with superuser privileges"
"""Celery's warning about pickled messages; ours are JSON, and come from a socket of this user alone."""


@dataclass
class Family:
    """The processes that were started here; they end together."""

    members: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    is_stopping: bool = False

    def start(self, name: str, *arguments: str) -> None:
        """Start a part, a Python program, in its own session, so that Ctrl-C reaches only us."""
        command = (sys.executable, *arguments)
        self.members[name] = subprocess.Popen(command, start_new_session=True)

    def ended(self) -> str | None:
        """Return the name of a part that has ended, or None."""
        over = (name for name, process in self.members.items() if process.poll() is not None)
        return next(over, None)

    def wait(self, is_done: Callable[[], bool]) -> str | None:
        """Wait until something is done or somebody asks to stop; return the name of a part that ended."""
        while not self.is_stopping and not is_done():
            ended = self.ended()
            if ended is not None:
                return ended
            time.sleep(LOOK_EVERY_S)
        return None

    def stop(self) -> None:
        """End all parts, the broker last; what does not end in time is killed."""
        parts = list(reversed(self.members.items()))
        _end([process for name, process in parts if name != BROKER])
        _end([process for name, process in parts if name == BROKER])


def run_all(settings: Settings) -> int:
    """Prepare the data, start all parts, wait for Ctrl-C, end them; return the exit status."""
    family = Family()

    def ask_to_stop(_signal: int, _frame: types.FrameType | None) -> None:
        family.is_stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        require_free_port(settings)
        require_own_data(settings)
        return _run_parts(family, settings)
    except (SettingError, TimeoutError) as error:
        _say(str(error))
        return 2
    finally:
        family.stop()
        if WORKER in family.members:
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


def require_own_data(settings: Settings) -> None:
    """Check that no other `make run` works on the same data.

    Raises:
        SettingError: One does, or the path of the folder is too long for a socket.
    """
    if not settings.broker_url and broker.answers(broker.folder_of(settings)):
        raise SettingError(
            f"Expected nobody to use the data folder '{settings.data}', but a broker runs in it: "
            "end the other `make run`, or choose another HUIYIN_DATA."
        )


def _run_parts(family: Family, settings: Settings) -> int:
    if not settings.broker_url:
        family.start(BROKER, "-m", "service.broker")
    prepare(settings)
    lines = set_up(settings, build(settings).house)
    family.start("web", "-m", "service.serving")
    ended = family.wait(_Served(settings))
    if ended is None and not family.is_stopping:
        _start_workers(family)
        _say(f"回音已启动：{settings.reached_at}", *lines, "按 Ctrl-C 结束。")
        ended = family.wait(lambda: False)
    if ended is not None:
        _say(f"“{ended}”意外退出，正在结束其余部分。")
        return 1
    return 0


def _start_workers(family: Family) -> None:
    quiet = ("-W", f"ignore:{ROOT_WARNING}", "-m", "celery", "--quiet", "-A")
    alone = ("--without-gossip", "--without-mingle")
    family.start(WORKER, *quiet, "workers.app", "worker", "-c", "2", "-l", "warning", *alone)
    family.start("beat", *quiet, "workers.schedule", "beat", "-l", "warning")


class _Served:
    """Tells whether the web server answers; a server that takes too long counts as stuck."""

    def __init__(self, settings: Settings) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
        self._address = f"http://{host}:{settings.port}/healthz"
        self._deadline = time.monotonic() + START_WITHIN_S

    def __call__(self) -> bool:
        """Return whether `/healthz` answers 200.

        Raises:
            TimeoutError: It has not answered for `START_WITHIN_S`.
        """
        try:
            with urllib.request.urlopen(self._address, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            raise TimeoutError(f"{self._address} answers {error.code}.") from error
        except OSError as error:
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"{self._address} does not answer.") from error
            return False


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    """End processes together, politely; kill those that take too long."""
    for process in parts:
        process.terminate()
    deadline = time.monotonic() + STOP_AFTER_S
    for process in parts:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
