"""The queue as Celery carries it."""

from celery import Celery
from kombu.exceptions import OperationalError

from service.domain.outside import QueueDownError

SEND_TIMEOUT_S = 1.0
"""How long a command waits for the broker at most; afterwards the poller sends the job."""

VISIBILITY_TIMEOUT_S = 300
"""After this a job that a dead worker held is delivered again; every job takes far less."""


def make_celery(broker_url: str) -> Celery:
    """Return a Celery app that can send: late acknowledgement, one job at a time, JSON only.

    Source: shared facts about Celery on Redis (an early acknowledgement loses the job of a killed worker).
    """
    app = Celery("huiyin", broker=broker_url)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="huiyin",
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "socket_timeout": SEND_TIMEOUT_S * 5,
            "socket_connect_timeout": SEND_TIMEOUT_S,
            # Of who sends: kombu would try again for `broker_connection_timeout`, six seconds in all. Workers
            # and beat have numbers of their own for coming back.
            "max_retries": 0,
        },
    )
    return app


class CeleryQueue:
    """Sends job names and keys through Celery (the port `domain.outside.JobQueue`)."""

    def __init__(self, app: Celery) -> None:
        """Take the app of `make_celery`."""
        self._app = app

    def send(self, job: str, subject_key: int) -> None:
        """Send one message; the key travels as text, since JSON numbers lose digits elsewhere.

        Raises:
            QueueDownError: The broker does not answer.
        """
        try:
            self._app.send_task(job, args=(str(subject_key),), retry=False)
        except (OperationalError, ConnectionError, TimeoutError) as error:
            raise QueueDownError(str(error)) from error

    def is_alive(self) -> bool:
        """Return whether the broker answers."""
        try:
            with self._app.connection_for_write(connect_timeout=SEND_TIMEOUT_S) as connection:
                connection.ensure_connection(max_retries=0, timeout=SEND_TIMEOUT_S)
        except (OperationalError, ConnectionError, TimeoutError):
            return False
        return True
