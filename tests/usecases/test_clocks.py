"""The clocks of tasks: reminded at 80 %, overdue at 100 %, told one level higher each further period."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from service.persistence.tables import cases, instances, tasks
from service.persistence.tables import house as house_tables
from service.usecases import clocks, user_tasks
from service.usecases.user_tasks import UserTaskChanges
from tests import rows
from tests.fakes import FakeClock
from tests.usecases.conftest import Office

REMINDED = {"hours": 8}
DUE = {"hours": 10}


@pytest.fixture
def company(office: Office) -> Office:
    """Return the office with a chain above the quality department, and one approval begun."""
    with office.house.database.unit(office.house.outside) as unit:
        connection = unit.connection
        chain = [("quality", "manager"), ("manager", "director"), ("director", None)]
        for key, above in chain[1:]:
            rows.add_group(connection, key, supervisor_group=above, is_department=False)
            rows.add_person(connection, f"the_{key}", (key,))
        table = house_tables.groups
        connection.execute(
            update(table).where(table.c.key == "quality").values(supervisor_group="manager")
        )
        unit.commit()
    office.start()
    return office


def run_due(office: Office) -> int:
    """Carry out every mark that is due, and return how many were."""
    return sum(clocks.run(office.house, key) for key in clocks.claim_due(office.house))


def letters(office: Office) -> dict[str, str]:
    """Return the subject of the only letter each person has got since the last look, by user name."""
    table = cases.notifications
    found = {row.username: row.subject for row in office.rows(table)}
    with office.house.database.unit(office.house.outside) as unit:
        unit.connection.execute(table.delete())
        unit.commit()
    return found


def task(office: Office) -> Row[Any]:
    """Return the open task."""
    return office.task("check_request")


def test_nothing_happens_before_eighty_percent(company: Office, clock: FakeClock) -> None:
    """XC-X-2: a second before is too early."""
    clock.advance(hours=8, seconds=-1)
    assert clocks.claim_due(company.house) == ()


def test_the_candidates_are_reminded_at_eighty_percent(company: Office, clock: FakeClock) -> None:
    """XC-X-2: everybody who could take it; the task is not late yet."""
    clock.advance(**REMINDED)
    assert run_due(company) == 1
    assert set(letters(company)) == {"lina", "zhaolei"}
    assert task(company).overdue_level == 0


def test_somebody_who_has_the_task_is_reminded_alone(company: Office, clock: FakeClock) -> None:
    """XC-X-2: the others have nothing to do with it any more."""
    user_tasks.claim(company.house, company.inspector, task(company).key)
    clock.advance(**REMINDED)
    run_due(company)
    assert set(letters(company)) == {"lina"}


def test_an_overdue_task_is_flagged_and_its_supervisors_are_told(
    company: Office, clock: FakeClock
) -> None:
    """XC-X-3: task, case and the case variable `overdue_nodes`; doers and their supervisor."""
    user_tasks.claim(company.house, company.inspector, task(company).key)
    clock.advance(**REMINDED)
    run_due(company)
    letters(company)
    clock.advance(hours=2)

    assert run_due(company) == 1

    assert set(letters(company)) == {"lina", "the_manager"}
    assert task(company).overdue_level == 1
    assert company.rows(cases.cases)[0].is_overdue
    table = instances.variables
    (nodes,) = company.rows(table, table.c.name == "overdue_nodes")
    assert nodes.value == '["check_request"]'


def test_each_further_period_goes_one_level_higher_and_stops_at_three(
    company: Office, clock: FakeClock
) -> None:
    """XC-X-4: a period, but at least a working day; the top of the chain is told again."""
    clock.advance(**DUE)
    assert run_due(company) == 2
    letters(company)

    clock.at = datetime(2026, 11, 25, 9, 59, 59, tzinfo=UTC)
    assert run_due(company) == 0
    clock.advance(seconds=1)
    assert run_due(company) == 1
    assert set(letters(company)) == {"lina", "zhaolei", "the_director"}

    clock.advance(days=1)
    assert run_due(company) == 1
    assert set(letters(company)) == {"lina", "zhaolei", "the_director"}
    assert task(company).overdue_level == 3
    clock.advance(days=30)
    assert run_due(company) == 0


def test_the_supervisors_that_the_step_names_come_first(company: Office, clock: FakeClock) -> None:
    """docs/dialect.md §3: the property stands above the group's own supervisor."""
    with company.house.database.unit(company.house.outside) as unit:
        unit.connection.execute(update(tasks.user_tasks).values(properties={"supervisors": "cs"}))
        unit.commit()
    clock.advance(**DUE)
    run_due(company)
    assert set(letters(company)) == {"lina", "zhaolei", "wangfang"}


def test_a_mark_is_carried_out_once(company: Office, clock: FakeClock) -> None:
    """A second delivery finds it done; a claimed mark is left to its worker for a while."""
    clock.advance(**REMINDED)
    (key,) = clocks.claim_due(company.house)
    assert clocks.claim_due(company.house) == ()
    assert clocks.run(company.house, key)
    assert not clocks.run(company.house, key)
    clock.advance(minutes=10)
    assert clocks.claim_due(company.house) == ()
    assert len(letters(company)) == 2


def test_a_mark_whose_worker_died_is_claimed_again(company: Office, clock: FakeClock) -> None:
    """Late, not lost."""
    clock.advance(**REMINDED)
    (key,) = clocks.claim_due(company.house)
    clock.advance(clocks.CLAIMED_FOR)
    assert clocks.claim_due(company.house) == (key,)


def test_a_completed_task_is_left_in_peace(company: Office, clock: FakeClock) -> None:
    """Even when its reminder was on the way already, and whatever its process does then."""
    clock.advance(**REMINDED)
    (key,) = clocks.claim_due(company.house)
    user_tasks.complete(company.house, company.inspector, task(company).key, {"opinion": "同意"})

    assert not clocks.run(company.house, key)
    clock.advance(days=30)
    assert run_due(company) == 0
    assert letters(company) == {}


def test_a_new_due_date_winds_the_clock_anew(company: Office, clock: FakeClock) -> None:
    """The marks of the old date are gone; 80 % counts from when the task was opened."""
    later = clock.now().replace(day=26)
    changes = UserTaskChanges({"due_at": later})
    manager = rows.person("the_manager", groups=frozenset({"manager"}), roles=frozenset({"staff"}))
    user_tasks.update(company.house, manager, task(company).key, changes)
    clock.advance(hours=38)
    assert run_due(company) == 0
    clock.advance(hours=1)
    assert run_due(company) == 1


def test_what_the_clock_did_stands_in_the_history(company: Office, clock: FakeClock) -> None:
    """XC-X-6: with the rule that asks for it."""
    clock.advance(**DUE)
    run_due(company)
    with company.house.database.reading() as connection:
        table = cases.events
        found = connection.execute(
            select(table.c.kind, table.c.rule_refs)
            .where(table.c.kind.in_(["clock.remind", "clock.overdue"]))
            .order_by(table.c.key)
        ).all()
    assert found == [("clock.remind", ["XC-X-2"]), ("clock.overdue", ["XC-X-3"])]
