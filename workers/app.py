"""The Celery app of a worker: every job of `domain.jobs` by its name, around one house a process.

As a process of its own: `python -m workers.app`, or with more options `celery -A workers.app worker`.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from functools import cache

from celery import Celery

from service.bootstrap import Parts, build
from service.domain.errors import BusyError, OverloadedError
from service.logs import Seldom, set_up_logs
from service.queue.celery_queue import make_celery
from service.settings import Settings
from workers.jobs import REGISTERED, Job

CHILDREN = 2
"""Processes of one worker that do jobs."""

ROOT_WARNING = "You're running the worker with superuser privileges"
"""Celery's warning about pickled messages; ours are JSON, and come from a broker of our own."""

settings = Settings.from_environment()
app: Celery = make_celery(settings.queue_url)
app.conf.worker_hijack_root_logger = False
set_up_logs()
# Jobs that fail by these are sent again: what failed is not the job.
logging.getLogger("celery.app.trace").addFilter(Seldom(OverloadedError, BusyError))


@cache
def parts() -> Parts:
    """Return the house of this process, built at its first job (after the worker has forked)."""
    return build(settings)


def by_key(job: Job) -> Callable[[str], None]:
    """Return the job as a message calls it: with the key as text."""

    def run(key: str) -> None:
        job(parts().house, int(key))

    return run


for _name, _job in REGISTERED.items():
    app.task(by_key(_job), name=_name)


def main() -> None:
    """Work until SIGTERM; jobs that are worked on are finished first."""
    warnings.filterwarnings("ignore", ROOT_WARNING)
    worker = app.Worker(
        concurrency=CHILDREN,
        loglevel=logging.WARNING,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main()
