"""How many SQL statements the hot path takes on PostgreSQL: who asks, the locks, all reading, all writing.

SQLite, where a statement is a function call and no message, writes each kind of change by itself.
"""

from collections.abc import Callable, Iterator

import pytest

from service.persistence.database import Database
from service.persistence.tables import instances
from service.usecases import jobs, people, user_tasks
from tests.persistence.postgresql import migrated_database, noted_statements
from tests.usecases.conftest import Office

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

    commands = {"start": office.start, "completion": complete, "job": work}
    for command in commands.values():
        command()

    taken = {name: statements_of(command) for name, command in commands.items()}

    # One statement of a completion and of a job is the test's own, to find its key.
    found = {"start": 0, "completion": 1, "job": 1}
    counts = {name: len(statements) - found[name] for name, statements in taken.items()}
    # What follows this job waits for a message: its name is held, the buffer read, and written before.
    assert counts == {"start": 3, "completion": 2, "job": 5}
    assert max(counts.values()) <= ALLOWED
