"""Serves a Flask program as the house is served: `python -m bench.serving MODULE:APP PORT`."""

import sys
from importlib import import_module

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

PROCESSES = 2
THREADS = 8


def main() -> None:
    """Import the program once, fork, serve on 127.0.0.1 until SIGTERM."""
    target, port = sys.argv[1:]
    module, name = target.split(":")
    app = getattr(import_module(module), name)
    server = Granian(
        target,
        "127.0.0.1",
        int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=PROCESSES,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=lambda: app, wrap_loader=False)


if __name__ == "__main__":
    main()
