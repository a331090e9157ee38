"""How many SQL statements the hot path takes on PostgreSQL: who asks, the locks, all reading, all writing.

SQLite, where a statement is a function call and no message, writes each kind of change by itself.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from service.persistence.database import Database
from service.persistence.tables import instances
from service.usecases import jobs, people, user_tasks
from service.usecases.job_activation import ActivatedJob, ActivateJobs, activate
from tests.persistence.postgresql import migrated_database, noted_statements
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, started

pytestmark = pytest.mark.services

ALLOWED = 8
"""Statements of a command (issue 4)."""

CHECKED = {"opinion": "同意", "amount": 7}


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def statements_of(command: Callable[[], object]) -> list[str]:
    """Return what the driver is given by a command whose definitions, rights and parameters are known."""
    with noted_statements() as statements:
        command()
    return statements


def test_starting_completing_and_a_job_take_a_few_statements_each(office: Office) -> None:
    """A numbered case, a form, a due date, candidates, history; then a job that ends it all."""
    token = people.create_token(office.house, office.inspector, "test")

    def complete() -> None:
        person = people.person_of_token(office.house, token)
        user_tasks.complete(office.house, person, office.task("check_request").key, CHECKED)

    def work() -> None:
        table = instances.jobs
        (job,) = office.rows(table, table.c.state == "CREATED")
        jobs.complete(office.house, office.operator, job.key, {"voucher": "1"})

    commands: dict[str, Callable[[], object]] = {
        "start": office.start,
        "completion": complete,
        "job": work,
    }
    for command in commands.values():
        command()

    taken = {name: statements_of(command) for name, command in commands.items()}

    # One statement of a completion and of a job is the test's own, to find its key.
    found = {"start": 0, "completion": 1, "job": 1}
    counts = {name: len(statements) - found[name] for name, statements in taken.items()}
    # What follows this job waits for a message: its name is held, the buffer read, and written before.
    assert counts == {"start": 3, "completion": 2, "job": 5}
    assert max(counts.values()) <= ALLOWED


def test_many_jobs_are_given_in_as_few_statements_as_one(office: Office) -> None:
    """Also where each sees variables of its own: of a multi-instance."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3, 4, 5, 6]" inputElement="item" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    work = drawing.job("work", "work").replace("</bpmn:serviceTask>", f"{loop}</bpmn:serviceTask>")
    deployed(office, drawing.line("many", work))
    started(office, "many")
    given: list[ActivatedJob] = []

    def take(count: int) -> None:
        command = ActivateJobs("work", "w", timedelta(minutes=1), count)
        given.extend(activate(office.house, office.operator, command))

    first = statements_of(lambda: take(1))
    rest = statements_of(lambda: take(5))

    assert [job.variables["item"] for job in given] == [1, 2, 3, 4, 5, 6]
    # The marks of the jobs go to the driver one by one, in one message. How long all are is asked of several.
    marks = [text for text in rest if text.startswith("UPDATE jobs")]
    lengths = [text for text in rest if "sum(length(" in text]
    assert len(rest) - len(marks) - len(lengths) == len(first) - 1
    assert len(lengths) == 1
