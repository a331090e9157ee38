"""The Celery app of a worker: every job of `domain.jobs` by its name, around one house a process."""

from functools import cache

from celery import Celery

from service.bootstrap import Parts, build
from service.logs import set_up_logs
from service.queue.celery_queue import make_celery
from service.settings import Settings
from workers.jobs import REGISTERED
from workers.schedule import SCHEDULE

settings = Settings.from_environment()
app: Celery = make_celery(settings.queue_url)
app.conf.beat_schedule = SCHEDULE
app.conf.beat_schedule_filename = str(settings.data / "beat-schedule")
app.conf.worker_hijack_root_logger = False
set_up_logs()


@cache
def parts() -> Parts:
    """Return the house of this process, built at its first job (after the worker has forked)."""
    return build(settings)


for _name, _job in REGISTERED.items():

    def _run(key: str, _job=_job) -> None:  # type: ignore[no-untyped-def]
        _job(parts().house, int(key))

    app.task(name=_name)(_run)
