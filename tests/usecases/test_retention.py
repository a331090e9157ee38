"""Retention: frozen when the time is over, deleted when a manager has confirmed, never before (XC-AR-1)."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from service.domain import jobs
from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.persistence.histories import (
    BY_CASE,
    BY_CASE_OR_INSTANCE,
    BY_INSTANCE,
    BY_TASK,
    KEPT,
)
from service.persistence.tables import cases, instances, metadata, tasks
from service.persistence.tables import retention as tables
from service.usecases import process_instances, retention
from tests.fakes import NOW, FakeClock
from tests.rows import add_attachment, person
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, started

POINTERS = frozenset(
    {"instance_key", "root_key", "case_key", "task_key", "other_key", "root_instance_key"}
)
"""Columns that name what is part of a history."""

THREE_YEARS = timedelta(days=3 * 365)
MANAGER = person("zonglan", roles=frozenset({"admin"}))
STAYS = frozenset({"events", "outbox", "number_series", "retained_histories", "retained_contents"})
"""Tables that still have rows of, or about, a deleted history."""


def ended(office: Office, **properties: str) -> int:
    """Run a small case to its end and return the key of its instance."""
    told = {"caseNumber": "document:PF", **properties}
    inner = drawing.line("inner", drawing.user_task("check"))
    outer = drawing.line(
        "outer", drawing.user_task("ask"), drawing.call("sub", "inner"), properties=told
    )
    deployed(office, inner, outer)
    key = started(office, "outer", customer="百灵")
    finish(office, "ask", opinion="同意")
    finish(office, "check")
    return key


def counts(office: Office) -> dict[str, int]:
    """Return the number of rows of each table that has some."""
    with office.house.database.reading() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in found.items() if count}


def history(office: Office) -> Any:
    """Return the only retained history."""
    (row,) = office.rows(tables.retained_histories)
    return row


def test_every_table_that_names_an_instance_or_case_is_removed_or_kept_for_a_reason() -> None:
    """A new table must say which: otherwise rows of deleted histories would pile up."""
    removed = {table.name for table in (*BY_CASE, *BY_CASE_OR_INSTANCE, *BY_INSTANCE, *BY_TASK)} | {
        "attachments",
        "notifications",
        "item_moves",
        "case_links",
        "process_instances",
        "cases",
    }
    pointing = {
        table.name for table in metadata.tables.values() if not POINTERS.isdisjoint(table.c.keys())
    }
    assert pointing - removed == set(KEPT) & pointing


def test_before_its_time_nothing_is_frozen(office: Office, clock: FakeClock) -> None:
    """Three years after its end, to the second."""
    ended(office)
    clock.at = NOW.replace(year=NOW.year + 3) - timedelta(seconds=1)
    assert (list(retention.expired(office.house)), retention.run(office.house)) == ([], (0, 0))
    clock.advance(seconds=1)
    assert retention.run(office.house) == (1, 0)


def test_what_still_runs_is_never_over(office: Office, clock: FakeClock) -> None:
    """However old it is."""
    deployed(office, drawing.line("endless", drawing.user_task("ask")))
    started(office, "endless")
    clock.advance(20 * THREE_YEARS)
    assert retention.run(office.house) == (0, 0)


def test_parameter_and_process_may_ask_for_longer_but_not_for_less(
    office: Office, clock: FakeClock
) -> None:
    """`retentionYears` of the process and `RETENTION_YEARS`: the longest counts, three at least."""
    ended(office, retentionYears="5")
    clock.at = NOW.replace(year=NOW.year + 5) - timedelta(days=1)
    assert list(retention.expired(office.house)) == []
    clock.advance(days=1)
    (found,) = retention.expired(office.house)
    assert found.retain_until == NOW.replace(year=NOW.year + 5)


@pytest.mark.parametrize("years", ["²", "9" * 5000, "99999"])
def test_years_that_nobody_can_count_stop_no_retention(
    office: Office, clock: FakeClock, years: str
) -> None:
    """What is no number asks for nothing; what is beyond the calendar is kept."""
    ended(office, retentionYears=years)
    clock.advance(THREE_YEARS + timedelta(days=9))
    assert len(list(retention.expired(office.house))) == (years != "99999")


def test_the_archive_of_a_case_may_ask_for_longer(office: Office, clock: FakeClock) -> None:
    """What `huiyin:archive` promised is kept."""
    key = ended(office)
    (case,) = office.rows(cases.cases)
    with office.house.database.unit(office.house.outside) as unit:
        unit.connection.execute(
            insert(cases.archives).values(
                key=1,
                archive_no="AR-1",
                case_key=case.key,
                archived_at=NOW,
                retain_until=NOW + 2 * THREE_YEARS,
                state="FROZEN",
            )
        )
        unit.commit()
    clock.advance(THREE_YEARS + timedelta(days=9))
    assert list(retention.expired(office.house)) == []
    clock.advance(THREE_YEARS)
    assert [one.root_key for one in retention.expired(office.house)] == [key]


def test_a_case_with_a_mail_on_its_way_waits(office: Office, clock: FakeClock) -> None:
    """Nothing is frozen while an effect of it is open."""
    ended(office)
    (case,) = office.rows(cases.cases)
    with office.house.database.unit(office.house.outside) as unit:
        mail = {"recipient": "a@b.c", "subject": "s", "body": "b", "attachment_ids": []}
        state = {"is_to_customer": False, "state": "WAITING", "attempts": 0, "created_at": NOW}
        row = {"key": 7, "case_key": case.key, **mail, **state}
        unit.connection.execute(insert(cases.mails).values(**row))
        unit.send(jobs.DELIVER_MAIL, 7)
        unit.commit()
    clock.advance(2 * THREE_YEARS)
    assert list(retention.expired(office.house)) == []


def test_a_frozen_history_is_deleted_only_when_a_manager_confirms(
    office: Office, clock: FakeClock
) -> None:
    """Freezing alone removes nothing; who may not confirm is refused; twice is refused."""
    key = ended(office)
    clock.advance(2 * THREE_YEARS)
    retention.run(office.house)
    before = counts(office)
    assert retention.run(office.house) == (0, 0)
    assert (counts(office), history(office).state) == (before, "FROZEN")
    for nobody in (office.clerk, office.operator):
        with pytest.raises(NotAllowedError):
            retention.confirm(office.house, nobody, [key])
    with pytest.raises(NotFoundError):
        retention.confirm(office.house, MANAGER, [key, 5])
    assert history(office).state == "FROZEN"

    retention.confirm(office.house, MANAGER, [key])
    with pytest.raises(WrongStateError):
        retention.confirm(office.house, MANAGER, [key])
    assert (retention.run(office.house), history(office).state) == ((0, 1), "DELETED")
    assert retention.run(office.house) == (0, 0)


def test_a_deleted_history_leaves_its_file_and_nothing_else(
    office: Office, clock: FakeClock
) -> None:
    """All rows of root, called instance and case are gone; another case stays whole."""
    before = counts(office)
    key = ended(office)
    (case,) = office.rows(cases.cases)
    with office.house.database.unit(office.house.outside) as unit:
        add_attachment(unit.connection, "photo", case_key=case.key)
        unit.commit()
    rows = {
        name: count - before.get(name, 0)
        for name, count in counts(office).items()
        if name not in ("events", "attachment_contents")
    }
    clock.advance(2 * THREE_YEARS)
    other = ended(office)
    with_other = counts(office)
    retention.run(office.house)
    retention.confirm(office.house, MANAGER, [key])
    retention.run(office.house)

    assert [row.key for row in office.rows(instances.process_instances) if row.key == key] == []
    left = office.rows(instances.process_instances, instances.process_instances.c.root_key == other)
    assert len(left) == 2
    after = counts(office)
    gone = {name: with_other[name] - after.get(name, 0) for name in rows if name not in STAYS}
    kept_since = {"deployments", "resources", "process_definitions", "revisions", "start_events"}
    assert {n: c for n, c in gone.items() if n not in kept_since} == {
        name: count for name, count in rows.items() if name not in STAYS | kept_since
    }
    told = [row for row in office.rows(cases.events) if row.kind.startswith("history.")]
    assert [row.kind for row in told] == [
        "history.frozen",
        "history.deletion_confirmed",
        "history.deleted",
    ]
    assert (told[2].detail["confirmed_by"], told[2].detail["case_no"]) == ("zonglan", case.case_no)


def test_the_file_holds_all_that_is_deleted(office: Office, clock: FakeClock) -> None:
    """Also what came after it was made: it is brought up to date in the moment of deletion."""
    key = ended(office)
    clock.advance(2 * THREE_YEARS)
    retention.run(office.house)
    early = history(office).sha256
    (case,) = office.rows(cases.cases)
    with office.house.database.unit(office.house.outside) as unit:
        add_attachment(unit.connection, "late", case_key=case.key)
        unit.commit()
    retention.confirm(office.house, MANAGER, [key])
    retention.run(office.house)

    assert history(office).sha256 != early
    file = zipfile.ZipFile(io.BytesIO(retention.content(office.house, MANAGER, key)))
    variables = [orjson.loads(line) for line in file.read("variables.jsonl").splitlines()]
    assert ("customer", '"百灵"') in {(row["name"], row["value"]) for row in variables}
    events = [orjson.loads(line) for line in file.read("events.jsonl").splitlines()]
    assert {"instance.started", "user_task.completed", "instance.ended"} <= {
        row["kind"] for row in events
    }
    assert any(name.startswith("attachments/late-") for name in file.namelist())
    assert history(office).rows["process_instances"] == 2
    with pytest.raises(NotAllowedError):
        retention.content(office.house, office.clerk, key)


def test_the_database_itself_keeps_unconfirmed_events(office: Office, clock: FakeClock) -> None:
    """A frozen history is not a confirmed one; events of others stay untouchable, too."""
    ended(office)
    clock.advance(2 * THREE_YEARS)
    retention.run(office.house)
    for statement in (delete(cases.events), update(cases.events).values(who="x")):
        unit_of_work = office.house.database.unit(office.house.outside)
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work as unit:
            unit.connection.execute(statement)


def test_a_run_is_bounded(office: Office, clock: FakeClock) -> None:
    """The next one goes on where this one stopped."""
    deployed(office, drawing.line("short", drawing.user_task("ask")))
    for _ in range(3):
        process_instances.cancel(office.house, office.operator, started(office, "short"))
    clock.advance(2 * THREE_YEARS)
    assert retention.run(office.house, chunk=2) == (2, 0)
    keys = [one.root_key for one in retention.waiting(office.house)]
    retention.confirm(office.house, MANAGER, keys)
    assert retention.run(office.house, chunk=2) == (1, 2)
    assert office.rows(tasks.user_tasks, tasks.user_tasks.c.instance_key.in_(keys)) == []


def test_what_has_no_case_takes_nothing_with_it(office: Office, clock: FakeClock) -> None:
    """A history without a case: files and events that are nobody's case stay."""
    deployed(office, drawing.line("short", drawing.user_task("ask")))
    key = started(office, "short")
    process_instances.cancel(office.house, office.operator, key)
    with office.house.database.unit(office.house.outside) as unit:
        add_attachment(unit.connection, "loose", case_key=None)
        unit.commit()
    clock.advance(2 * THREE_YEARS)
    retention.run(office.house)
    retention.confirm(office.house, MANAGER, [key])
    before = {row.key for row in office.rows(cases.events) if row.instance_key != key}
    retention.run(office.house)
    assert [row.id for row in office.rows(cases.attachments)] == ["loose"]
    assert before < {row.key for row in office.rows(cases.events)}
