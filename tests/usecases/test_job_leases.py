"""Job leases: a worker that comes back late cannot complete what was given to another.

Source: Camunda 8.10, job leasing.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.domain.errors import NotFoundError, WrongStateError
from service.persistence.tables import instances
from service.usecases import incidents, job_activation, jobs
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from tests.fakes import FakeClock
from tests.usecases.conftest import Office
from tests.usecases.test_jobs import MINUTE, to_job

LIFECYCLE: dict[str, Callable[[Office, int, str | None], None]] = {
    "complete": lambda office, key, token: jobs.complete(
        office.house, office.operator, key, {}, token
    ),
    "fail": lambda office, key, token: jobs.fail(
        office.house, office.operator, key, 1, lease_token=token
    ),
    "throw_error": lambda office, key, token: jobs.throw_error(
        office.house, office.operator, key, "refused", lease_token=token
    ),
}
"""What a leased job takes from the worker that holds it alone."""


def given(office: Office, worker: str = "w1", with_lease: bool = True) -> list[ActivatedJob]:
    """Give the jobs that wait to a worker, for a minute."""
    command = ActivateJobs("book", worker, MINUTE, 5, with_lease=with_lease)
    return list(job_activation.activate(office.house, office.operator, command))


def superseded(office: Office, clock: FakeClock) -> tuple[ActivatedJob, ActivatedJob]:
    """Return the job as its first worker holds it, and as the second does after the first's time."""
    to_job(office)
    (first,) = given(office)
    clock.advance(MINUTE)
    (second,) = given(office, "w2")
    return first, second


@pytest.mark.parametrize("command", LIFECYCLE)
def test_a_superseded_worker_is_refused_and_changes_nothing(
    office: Office, clock: FakeClock, command: str
) -> None:
    """Its token is that of an earlier activation; the one that holds the job completes it."""
    first, second = superseded(office, clock)
    assert None not in (first.lease_token, second.lease_token)
    assert first.lease_token != second.lease_token
    before = office.rows(instances.jobs)

    with pytest.raises(WrongStateError, match="newest activation"):
        LIFECYCLE[command](office, first.key, first.lease_token)
    assert office.rows(instances.jobs) == before

    LIFECYCLE["complete"](office, second.key, second.lease_token)
    with pytest.raises(NotFoundError):
        LIFECYCLE[command](office, first.key, first.lease_token)


@pytest.mark.parametrize("command", LIFECYCLE)
def test_a_leased_job_takes_no_command_without_its_token(office: Office, command: str) -> None:
    """Who shows nothing may be anybody."""
    key = to_job(office)
    (job,) = given(office)
    with pytest.raises(WrongStateError, match="none is given"):
        LIFECYCLE[command](office, key, None)
    LIFECYCLE[command](office, key, job.lease_token)


@pytest.mark.parametrize("command", LIFECYCLE)
def test_without_a_lease_a_job_takes_commands_from_everybody(office: Office, command: str) -> None:
    """As in Camunda 8: activated or not, and whatever token is shown."""
    key = to_job(office)
    (job,) = given(office, with_lease=False)
    assert job.lease_token is None
    LIFECYCLE[command](office, key, "any")


def test_a_worker_whose_time_is_over_may_complete_until_another_has_the_job(
    office: Office, clock: FakeClock
) -> None:
    """Nobody else has begun it: the work is not done twice."""
    to_job(office)
    (job,) = given(office)
    clock.advance(hours=1)
    LIFECYCLE["complete"](office, job.key, job.lease_token)
    assert [row.state for row in office.rows(instances.jobs)] == ["COMPLETED"]


def test_a_job_that_was_leased_once_goes_to_leasing_workers_only(
    office: Office, clock: FakeClock
) -> None:
    """A worker without a lease would complete it without a token: it does not get it, ever."""
    to_job(office)
    (first,) = given(office)
    LIFECYCLE["fail"](office, first.key, first.lease_token)
    assert given(office, with_lease=False) == []
    (second,) = given(office, "w2")
    with pytest.raises(WrongStateError):
        LIFECYCLE["complete"](office, first.key, first.lease_token)
    LIFECYCLE["complete"](office, second.key, second.lease_token)


def test_properties_are_changed_without_a_token_but_not_with_an_old_one(
    office: Office, clock: FakeClock
) -> None:
    """Operators know no token; a worker that lengthens its time learns that it has lost the job."""
    first, second = superseded(office, clock)
    longer, who = timedelta(hours=1), office.operator
    with pytest.raises(WrongStateError):
        jobs.update(office.house, who, first.key, timeout=longer, lease_token=first.lease_token)
    jobs.update(office.house, who, second.key, timeout=longer, lease_token=second.lease_token)
    jobs.update(office.house, who, second.key, retries=3)
    (row,) = office.rows(instances.jobs)
    assert (row.retries, row.deadline_at) == (3, clock.now() + timedelta(hours=1))


def test_a_lease_outlives_an_incident(office: Office) -> None:
    """After the incident is resolved the old token is worth nothing once the job is given anew."""
    to_job(office)
    (first,) = given(office)
    jobs.fail(office.house, office.operator, first.key, 0, lease_token=first.lease_token)
    jobs.update(office.house, office.operator, first.key, retries=1)
    (incident,) = office.rows(instances.incidents)
    incidents.resolve(office.house, office.operator, incident.key)
    (second,) = given(office, "w2")
    with pytest.raises(WrongStateError):
        LIFECYCLE["complete"](office, first.key, first.lease_token)
    LIFECYCLE["complete"](office, second.key, second.lease_token)


def test_a_job_that_rests_after_a_failure_takes_no_command(
    office: Office, clock: FakeClock
) -> None:
    """Camunda 8: failed and waiting for its back-off is neither activatable nor activated."""
    key = to_job(office)
    jobs.fail(office.house, office.operator, key, 1, "busy", timedelta(seconds=30))
    with pytest.raises(WrongStateError, match="FAILED"):
        LIFECYCLE["complete"](office, key, None)
    clock.advance(seconds=30)
    LIFECYCLE["complete"](office, key, None)
