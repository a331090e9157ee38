"""The sending half of the queue, when nobody takes what is sent."""

import time
from pathlib import Path

import pytest

from service.domain.outside import QueueDownError
from service.queue.celery_queue import SEND_TIMEOUT_S, CeleryQueue, make_celery


@pytest.mark.parametrize("place", ["redis+socket://{}/none.sock", "redis://127.0.0.1:1/0"])
def test_nobody_waits_for_a_broker_that_is_gone(tmp_path: Path, place: str) -> None:
    """A command has committed: it does not hold its place until the broker is back; the poller sends it."""
    queue = CeleryQueue(make_celery(place.format(tmp_path)))
    began = time.monotonic()
    with pytest.raises(QueueDownError):
        queue.send("mails.deliver", 1)
    assert not queue.is_alive()
    assert time.monotonic() - began < 2 * SEND_TIMEOUT_S
