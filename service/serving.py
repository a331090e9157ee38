"""Settings of the web server: `gunicorn -c python:service.serving`.

The code of the house is imported here, once, before the server forks: its processes start at once and
share that memory. What they must not share (connections, the source of keys) `service.wsgi` makes in each.
"""

import ctypes
import gc
from typing import Any

from service import app as _code  # noqa: F401  # imported for its own sake, see above
from service.admission import SPARE_THREADS
from service.fair_worker import FairWorker
from service.settings import Settings

M_ARENA_MAX = -8
"""glibc's number for how many arenas its memory may have (`malloc.h`)."""
ARENAS = 2
"""One thread of a process computes at a time: an arena for each only keeps what others could use."""

_settings = Settings.from_environment()

wsgi_app = "service.wsgi:app"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes
worker_class = "service.fair_worker.FairWorker"
threads = _settings.web_threads + _settings.web_queue + SPARE_THREADS
keepalive = 5
graceful_timeout = 10
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Take what is loaded out of the garbage collector's sight: looking at it would copy its pages."""
    gc.collect()
    gc.freeze()
    share_arenas()


def child_exit(_server: Any, worker: FairWorker) -> None:
    """Let the next process have the place of one that has ended."""
    worker.leave()


def share_arenas() -> None:
    """Let the threads of this process, and of those it forks, share their memory where the C library can."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, ARENAS)
