"""Two workers on a real PostgreSQL, each in a thread of its own: every job is done by one of them."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from service.domain.errors import NotFoundError, WrongStateError
from service.persistence.database import Database
from service.persistence.tables import cases, instances
from service.usecases import job_activation, jobs
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from tests.fakes import FakeClock
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, started
from tests.usecases.test_jobs import MINUTE

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("audited")]

JOBS = 24


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


@pytest.fixture
def workshop(office: Office) -> Office:
    """Return the office with many jobs of the type `book` that wait."""
    deployed(office, drawing.line("booking", drawing.job("book", "book")))
    for _ in range(JOBS):
        started(office, "booking")
    return office


def take(office: Office, worker: str, most: int) -> list[ActivatedJob]:
    """Give jobs to a worker, with leases."""
    command = ActivateJobs("book", worker, MINUTE, most, with_lease=True)
    return list(job_activation.activate(office.house, office.operator, command))


def complete(office: Office, job: ActivatedJob) -> bool:
    """Complete a job with its token; False when it is refused."""
    try:
        jobs.complete(office.house, office.operator, job.key, {"by": job.worker}, job.lease_token)
    except (WrongStateError, NotFoundError):
        return False
    return True


def completions(office: Office) -> Counter[str]:
    """Return how often each job was completed, by what the history says."""
    rows = office.rows(cases.events, cases.events.c.kind == "job.completed")
    return Counter(row.detail["job_key"] for row in rows)


def test_workers_side_by_side_get_different_jobs(workshop: Office) -> None:
    """SKIP LOCKED: four ask again and again at the same time, and no job is given twice."""
    together = Barrier(4)

    def work(number: int) -> list[int]:
        together.wait()
        mine = []
        while taken := take(workshop, f"w{number}", 2):
            mine += [job.key for job in taken if complete(workshop, job)]
        return mine

    with ThreadPoolExecutor(4) as pool:
        done = [key for keys in pool.map(work, range(4)) for key in keys]
    assert len(done) == len(set(done)) == JOBS
    assert set(completions(workshop).values()) == {1}


def test_of_a_late_worker_and_its_successor_one_completes(
    workshop: Office, clock: FakeClock
) -> None:
    """The first completes in the moment its jobs are given to the second: each job is done once."""
    late = take(workshop, "late", JOBS)
    clock.advance(MINUTE)
    together = Barrier(2)

    def come_late() -> set[int]:
        together.wait()
        return {job.key for job in late if complete(workshop, job)}

    def succeed() -> set[int]:
        together.wait()
        mine: set[int] = set()
        while taken := take(workshop, "next", 3):
            mine |= {job.key for job in taken if complete(workshop, job)}
        return mine

    with ThreadPoolExecutor(2) as pool:
        by_late, by_next = (
            future.result() for future in (pool.submit(come_late), pool.submit(succeed))
        )
    assert not by_late & by_next
    assert by_late | by_next == {job.key for job in late}
    assert set(completions(workshop).values()) == {1}
    told = workshop.rows(instances.variables, instances.variables.c.name == "by")
    by_instance = {row.instance_key: row.value for row in told}
    assert by_instance == {
        job.instance_key: '"late"' if job.key in by_late else '"next"' for job in late
    }
