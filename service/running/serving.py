"""The web server: `python -m service.running.serving`.

Granian speaks HTTP in Rust and calls the application in threads of its own: an empty request costs it a
tenth of the processor time that a server in Python takes (docs/decisions/0029).

The code of the house is imported here, once, before the server forks: its processes start at once and
share that memory. What they must not share (connections, the source of keys) `wsgi` makes in each.
"""

import gc
import multiprocessing
import os
import signal
import sys
from importlib import import_module

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from service.admission import SPARE_THREADS
from service.running import huge_pages
from service.running.even_load import EvenLoad, Shared, processor_of
from service.running.family import end_with_parent, option
from service.running.lasting import LastingServer
from service.running.refused_bodies import RefusedBodies
from service.running.short_answers import ShortAnswers
from service.settings import Settings
from service.slow_bodies import SENDERS

M_ARENA_MAX = -8
"""glibc's number for how many arenas its memory may have (`malloc.h`)."""
ARENAS = 2
"""One thread of a process computes at a time: an arena for each only keeps what others could use."""

STOP_WITHIN_S = 10
"""How long requests that are worked on may take when the server ends."""


def main() -> None:
    """Serve until SIGINT or SIGTERM; requests that are worked on are answered first.

    A process that ends is replaced, however often (`lasting`). Where none can even start, the server
    ends with status 1.
    """
    settings = Settings.from_environment()
    # Also where Python would start processes anew, since 3.14 on Linux: these share memory and the loader.
    multiprocessing.set_start_method("fork", force=True)
    _load_house()
    shared = Shared(settings.web_processes)
    server = LastingServer(
        "service.running.wsgi:app",
        settings.host,
        settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads + settings.web_queue + SPARE_THREADS + SENDERS,
        workers_kill_timeout=STOP_WITHIN_S,
        # A warning says that many threads are many: `service.admission` lets few of them compute.
        log_level=LogLevels.error,
    )
    # Out of the garbage collector's sight: looking at what is shared would copy its pages.
    gc.collect()
    gc.freeze()
    option("mallopt", M_ARENA_MAX, ARENAS)
    server.serve(
        target_loader=lambda: load(server, shared, settings.web_processes), wrap_loader=False
    )


def _load_house() -> None:
    """Import the house. Nobody looks for garbage meanwhile: an eighth of the time would go into it."""
    gc.disable()
    import_module("service.app")
    gc.enable()


def load(server: LastingServer, shared: Shared, processes: int) -> EvenLoad:
    """Return the application of a process just forked, one of so many, which ends with the server."""
    _end_when_asked(server)
    # Whoever kills the server must not leave processes behind that hold its port. Killing them half-writes
    # nothing: what they had begun the database takes back.
    end_with_parent(signal.SIGKILL)
    place = shared.join()
    if hasattr(os, "sched_setaffinity"):  # Linux
        processor = processor_of(place, processes, os.sched_getaffinity(0))
        if processor is not None:
            os.sched_setaffinity(0, {processor})
    app = RefusedBodies(ShortAnswers(import_module("service.running.wsgi").app))
    huge_pages.keep_moving()
    return EvenLoad(app, shared, place)


def _end_when_asked(server: LastingServer) -> None:
    """Let what asks the process to end do so from now on; Granian hears of it only once it serves.

    The handlers of the server, which a fork has at first, tell the fork's own copy of the server.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if server.interrupt_signal:
        sys.exit(0)


if __name__ == "__main__":
    main()
