"""Runs the parts of the house on one machine: broker, web, worker, beat, each a process of its own."""

import signal
import socket
import sys
import time
import types
import urllib.error
import urllib.request

from service import broker
from service.bootstrap import build
from service.family import Family
from service.preparing import prepare
from service.settings import SettingError, Settings
from service.setup import set_up
from service.usecases import heartbeats

START_WITHIN_S = 120
"""How long the web server may take until it serves."""

WORKER = "worker"
"""Its signs of life are ended with it, so that the next command need not wait for them to grow old."""

ROOT_WARNING = "You're running the worker with superuser privileges"
"""Celery's warning about pickled messages; ours are JSON, and come from a socket of this user alone."""


def run_all(settings: Settings) -> int:
    """Prepare the data, start all parts, wait for Ctrl-C, end them; return the exit status."""
    family = Family(_say)

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
        # First, so that it ends last: the others talk to it while they end.
        family.start("broker", "-m", "service.broker")
    prepare(settings)
    lines = set_up(settings, build(settings).house)
    family.start("web", "-m", "service.serving")
    if not family.await_start(_Served(settings)):
        return 0 if family.is_stopping else 1
    _start_workers(family)
    _say(f"回音已启动：{settings.reached_at}", *lines, "按 Ctrl-C 结束。")
    return 0 if family.keep() else 1


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


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
