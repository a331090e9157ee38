"""The beat: how often the database is looked through. Rows say what is due; beat only says «look».

Its Celery app knows names only and none of the house's code. As a process of its own: `python -m
workers.schedule`, or with more options `celery -A workers.schedule beat`.
"""

import logging

from celery.beat import SchedulingError

from service.domain import jobs
from service.logs import Seldom
from service.queue.celery_queue import make_celery
from service.settings import Settings

SCHEDULE = {
    jobs.POLL: {"task": jobs.POLL, "schedule": 1.0, "args": ("0",), "options": {"expires": 5}},
    jobs.SWEEP: {
        "task": jobs.SWEEP,
        "schedule": 300.0,
        "args": ("0",),
        "options": {"expires": 300},
    },
    jobs.RETAIN: {
        "task": jobs.RETAIN,
        "schedule": 600.0,
        "args": ("0",),
        "options": {"expires": 600},
    },
}
"""Each entry expires before it piles up: a look that comes late is as good as the next one."""

_settings = Settings.from_environment()
app = make_celery(_settings.queue_url)
app.conf.beat_schedule = SCHEDULE
app.conf.beat_schedule_filename = str(_settings.data / "beat-schedule")

# A broker that is away: each second another entry is not sent, and the next look finds what is due.
logging.getLogger("celery.beat").addFilter(Seldom(SchedulingError))


def main() -> None:
    """Send each entry when it is due, until SIGTERM."""
    app.Beat(loglevel=logging.WARNING, quiet=True).run()


if __name__ == "__main__":
    main()
