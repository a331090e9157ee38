"""Settings of the web server: `gunicorn -c python:service.serving`.

The code of the house is imported here, once, before the server forks: its processes start at once and
share that memory. What they must not share (connections, the source of keys) `service.wsgi` makes in each.
"""

import gc
from typing import Any

from service import app as _code  # noqa: F401  # imported for its own sake, see above
from service.admission import SPARE_THREADS
from service.settings import Settings

_settings = Settings.from_environment()

wsgi_app = "service.wsgi:app"
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes
worker_class = "gthread"
threads = _settings.web_threads + _settings.web_queue + SPARE_THREADS
keepalive = 5
graceful_timeout = 10
loglevel = "warning"


def when_ready(_server: Any) -> None:
    """Take what is loaded out of the garbage collector's sight: looking at it would copy its pages."""
    gc.collect()
    gc.freeze()
