"""Statistics are read by indexes: what ended long ago costs them nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import Connection, event

from service.reports.search import definition_statistics, job_statistics
from service.reports.search.job_statistics import Window
from service.reports.search.nouns import search
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.fakes import NOW
from tests.rows import add_job

WINDOW = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))
AT_ONCE = Window(NOW, NOW)
FAILED, ERRORS = "ix_events_failed_jobs", "ix_jobs_with_error"


@pytest.fixture
def connection(house: House) -> Iterator[Connection]:
    """Give a connection to an empty house."""
    with house.database.reading() as connection:
        yield connection


def plan_of(connection: Connection, ask: Callable[[], object]) -> str:
    """Return how SQLite finds the rows of what is asked."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def keep(
        _connection: object, _cursor: object, sql: str, values: tuple[object, ...], *_: object
    ) -> None:
        sent.append((sql, values))

    event.listen(connection, "before_cursor_execute", keep)
    ask()
    event.remove(connection, "before_cursor_execute", keep)
    cursor = connection.connection.cursor()
    plans = [cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall() for sql, values in sent]
    return "\n".join(str(row[3]) for rows in plans for row in rows)


def test_job_statistics_read_what_happened_in_the_time(connection: Connection) -> None:
    """What was made, completed and failed, each by its own index."""
    plan = plan_of(connection, lambda: job_statistics.in_all(connection, WINDOW, None))
    for index in ("ix_jobs_created_at", "ix_jobs_completed", FAILED):
        assert f"USING INDEX {index}" in plan
    assert "SCAN jobs" not in plan
    assert "SCAN events" not in plan


def test_job_errors_come_by_code_then_message(house: House) -> None:
    """Page by page: those without a code first, then each code with its messages.

    Source: camunda/camunda, `JobErrorStatisticsIT`.
    """
    errors = [
        ("IO_ERROR", "Disk full"),
        ("", "Transient failure"),
        ("TIMEOUT", "Connection timed out"),
        ("", "Database unavailable"),
    ]
    with house.database.unit(house.outside) as unit:
        for code, message in errors:
            add_job(unit.connection, "a", error_code=code or None, error_message=message)
        noun = job_statistics.by_error(AT_ONCE, "a", {})
        cursor, found = None, []
        for _page in errors:
            page = {"limit": 1, "after": cursor}
            answer = search(unit.connection, SYSTEM, noun, {"page": page})
            (item,) = answer["items"]
            found.append((item["errorCode"], item["errorMessage"]))
            cursor = answer["page"]["endCursor"]
        assert found == sorted(errors)
        beyond = search(unit.connection, SYSTEM, noun, {"page": {"after": cursor}})
        assert beyond["items"] == []


def test_job_errors_read_the_jobs_that_have_one(connection: Connection) -> None:
    """And no other job."""
    noun = job_statistics.by_error(WINDOW, "billing", {})
    assert f"USING INDEX {ERRORS}" in plan_of(
        connection, lambda: search(connection, SYSTEM, noun, {})
    )


def test_process_statistics_read_the_instances_that_run(connection: Connection) -> None:
    """Of one process or of all."""
    for noun in (
        definition_statistics.by_process(SYSTEM),
        definition_statistics.by_version(SYSTEM, "repair"),
    ):
        plan = plan_of(connection, partial(search, connection, SYSTEM, noun, {}))
        assert "USING INDEX ix_process_instances_active" in plan
