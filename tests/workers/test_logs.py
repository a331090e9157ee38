"""What workers and beat tell of a failure that lasts."""

import logging
import sys
from collections.abc import Callable

import celery.app.trace
import celery.beat
import pytest

from service.domain.errors import UnavailableError
from service.logs import Seldom
from workers import app, schedule


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[Exception, float], list[str]]:
    """Return what is told of an error at a second of some time."""
    clock = [0.0]
    log = logging.getLogger("some.jobs")
    log.filters[:] = [Seldom(UnavailableError, every_s=60, seconds=lambda: clock[0])]

    def tell(error: Exception, at_s: float) -> list[str]:
        clock[0] = at_s
        caplog.clear()
        log.error("Job %s failed", "7", exc_info=error)
        return caplog.messages

    return tell


def test_a_failure_that_lasts_is_told_once_a_minute(
    told: Callable[[Exception, float], list[str]],
) -> None:
    """At once, then with how often it came; nothing of any other is kept back."""
    lost = UnavailableError("the database does not answer")
    assert told(lost, 0) == ["Job 7 failed"]
    assert [told(lost, at_s) for at_s in (0, 1, 59.9)] == [[], [], []]
    assert told(KeyError("x"), 59.9) == ["Job 7 failed"]
    assert told(lost, 60) == ["Job 7 failed (and 3 times before)"]
    assert told(lost, 120) == ["Job 7 failed"]


@pytest.mark.parametrize("name", [celery.app.trace.logger.name, celery.beat.logger.name])
def test_jobs_and_beat_tell_seldom(name: str) -> None:
    """Celery tells there of failed jobs and of entries that cannot be sent."""
    assert {app.__name__, schedule.__name__} <= sys.modules.keys()
    assert any(isinstance(one, Seldom) for one in logging.getLogger(name).filters)
