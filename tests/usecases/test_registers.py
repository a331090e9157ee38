"""Registers: notices in force, batch statuses, what happened before."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError
from service.persistence.tables import cases
from service.persistence.unit import Unit
from service.usecases import registers
from service.usecases.house import House
from tests.fakes import NOW, FakeClock
from tests.rows import add_case, add_variable, new_key


@pytest.fixture
def unit(house: House) -> Iterator[Unit]:
    """Give an open unit; nothing of it is committed."""
    with house.database.unit(house.outside) as opened:
        yield opened


def put(unit: Unit, notice_no: str = "BQ-202611-0001", **changes: Any) -> None:
    """Put a notice in force."""
    facts = {
        "batches": ["B1"],
        "problem_type": "开胶",
        "valid_to_on": None,
        "content": {"handling": "换货"},
        "case_key": None,
        "who": "lina",
    }
    registers.put_notice_in_force(unit, notice_no=notice_no, **{**facts, **changes})


def in_force(unit: Unit, batch_no: str = "B1", problem_type: str | None = None) -> list[str]:
    """Return the numbers of the notices in force."""
    found = registers.find_notices(unit, batch_no=batch_no, problem_type=problem_type)
    return [notice["notice_no"] for notice in found]


def test_a_notice_in_force_is_found_by_each_of_its_batches(unit: Unit) -> None:
    """BQ-X-2: with its content; spaces around a batch number do not count."""
    put(unit, batches=["B1 ", "B2", "B2"])

    (notice,) = registers.find_notices(unit, batch_no=" B1", problem_type="开胶")

    assert notice["content"] == {"handling": "换货"}
    assert (in_force(unit, "B2"), in_force(unit, "B3")) == (["BQ-202611-0001"], [])
    assert in_force(unit, "B1", "缺页") == []


@pytest.mark.parametrize("batches", [["B1"], ["B2", " B1"]])
def test_one_batch_and_problem_has_one_notice(unit: Unit, batches: list[str]) -> None:
    """BQ-X-2: a second one is refused and names the first; nothing of it is written."""
    put(unit)
    with pytest.raises(AlreadyExistsError, match="BQ-202611-0001"):
        put(unit, "BQ-202611-0002", batches=batches)
    assert in_force(unit, "B2") == []


def test_another_problem_of_the_batch_may_have_its_own(unit: Unit) -> None:
    """Newest first, when all of a batch are asked for."""
    put(unit)
    put(unit, "BQ-202611-0002", problem_type="缺页")
    assert in_force(unit) == ["BQ-202611-0002", "BQ-202611-0001"]


def test_a_number_is_given_to_one_notice_only(unit: Unit) -> None:
    """A notice that has ended does not come back under its number."""
    put(unit)
    registers.end_notice(unit, notice_no="BQ-202611-0001", state="撤回", who="lina")
    with pytest.raises(AlreadyExistsError):
        put(unit)


@pytest.mark.parametrize(("day", "expected"), [(24, True), (25, True), (26, False)])
def test_a_notice_counts_up_to_its_last_day(
    house: House, clock: FakeClock, day: int, expected: bool
) -> None:
    """The day is that of Shanghai, and the last one is within."""
    with house.database.unit(house.outside) as unit:
        put(unit, valid_to_on=date(2026, 11, 25))
        unit.commit()
    clock.at = NOW.replace(day=day, hour=15, minute=59)
    with house.database.unit(house.outside) as unit:
        assert bool(in_force(unit)) is expected


@pytest.mark.parametrize("state", ["失效", "撤回"])
def test_an_ended_notice_is_no_longer_found_and_ends_once(unit: Unit, state: str) -> None:
    """The first end stands; another notice may follow."""
    put(unit)
    registers.end_notice(unit, notice_no="BQ-202611-0001", state=state, who="lina")
    registers.end_notice(unit, notice_no="BQ-202611-0001", state="失效", who="lina")
    put(unit, "BQ-202611-0002")

    table = cases.quick_notices
    states = unit.connection.execute(select(table.c.state).order_by(table.c.key)).scalars().all()
    assert states == [state, "生效"]


def test_bad_registrations_are_refused(unit: Unit) -> None:
    """No batch, an unknown state, a notice that does not exist, an unknown status."""
    with pytest.raises(BadInputError):
        put(unit, batches=[])
    with pytest.raises(BadInputError):
        put(unit, batches=["  "])
    with pytest.raises(BadInputError):
        registers.end_notice(unit, notice_no="x", state="完", who="lina")
    with pytest.raises(NotFoundError):
        registers.end_notice(unit, notice_no="x", state="失效", who="lina")
    with pytest.raises(BadInputError):
        registers.set_batch_status(
            unit, batch_no="B1", status="解冻", reason=None, case_key=None, who="lina"
        )


def test_the_log_of_a_batch_keeps_every_status(unit: Unit) -> None:
    """PF-X-1: the newest row is the status."""
    for status in ("冻结", "正常"):
        registers.set_batch_status(
            unit, batch_no="B1", status=status, reason="抽检", case_key=7, who="lina"
        )
    table = cases.batch_statuses
    rows = unit.connection.execute(select(table).order_by(table.c.key)).all()
    assert [(row.status, row.changed_by, row.case_key) for row in rows] == [
        ("冻结", "lina", 7),
        ("正常", "lina", 7),
    ]


FACTS = {"customer_name": "百灵", "problem_type": "开胶", "batch_no": "B1"}


def count(unit: Unit, case_key: int | None = None) -> int:
    """Count the cases of 百灵 with 开胶 within a year."""
    return registers.count_same_problems(
        unit,
        customer_name="百灵",
        problem_type="开胶",
        window_months=12,
        case_key=case_key,
    )


def test_the_present_case_counts_once_whether_its_facts_are_written_or_not(unit: Unit) -> None:
    """FB-V1: 同类问题次数 includes the case that asks."""
    assert count(unit) == 1
    present = add_case(unit.connection, "a", facts=FACTS)
    assert count(unit, present) == 1
    add_case(unit.connection, "b", facts=FACTS)
    assert count(unit, present) == 2


def test_other_customers_problems_and_years_do_not_count(unit: Unit) -> None:
    """FB-4.1-3: the window begins on the same day twelve months ago."""
    edge = NOW.replace(year=2025)
    add_case(unit.connection, "in", facts=FACTS, opened_at=edge)
    add_case(unit.connection, "out", facts=FACTS, opened_at=edge - timedelta(seconds=1))
    add_case(unit.connection, "c", facts={**FACTS, "customer_name": "别家"})
    add_case(unit.connection, "d", facts={**FACTS, "problem_type": "缺页"})
    assert count(unit) == 2


def history(unit: Unit, **changes: Any) -> list[dict[str, Any]]:
    """Look back as the check of history does."""
    asked = {**FACTS, "case_key": None, **changes}
    return registers.find_history(unit, **asked)


def test_history_is_the_batch_or_the_same_problem_of_the_customer(unit: Unit) -> None:
    """FB-4.5-1: newest first, without the case that asks."""
    batch = {"customer_name": "别家", "problem_type": "缺页", "batch_no": "B1"}
    same = {"customer_name": "百灵", "problem_type": "开胶", "batch_no": "B9"}
    add_case(unit.connection, "batch", facts=batch)
    add_case(unit.connection, "same", facts=same)
    add_case(unit.connection, "other", facts={**same, "problem_type": "缺页"})
    present = add_case(unit.connection, "present", facts=FACTS)

    assert [e["case_no"] for e in history(unit, case_key=present)] == ["same", "batch"]
    assert [e["case_no"] for e in history(unit, batch_no=None, case_key=present)] == ["same"]
    assert history(unit, batch_no=None, customer_name=None) == []


def test_history_holds_problems_and_no_documents(unit: Unit) -> None:
    """A freeze of the batch is no earlier complaint whose definition could be taken over."""
    add_case(unit.connection, "PF-202611-0001", facts={"batch_no": "B1", "freeze_reason": "开胶"})
    assert history(unit) == []


def test_the_result_is_what_the_quality_department_defined(unit: Unit) -> None:
    """The text is taken from the variables of the earlier case as it was written there."""
    root = new_key()
    add_case(unit.connection, "a", facts={**FACTS, "notice_no": "BQ-1"}, root_instance_key=root)
    add_variable(unit.connection, root, "definition_result", r'"“胶”温\n过低 \"A\""')

    (entry,) = history(unit)

    assert entry == {
        "case_no": "a",
        "batch_no": "B1",
        "problem_type": "开胶",
        "result": '“胶”温\n过低 "A"',
        "notice_no": "BQ-1",
    }


def test_history_stops_at_fifty(unit: Unit) -> None:
    """The newest fifty are enough to choose from."""
    for n in range(52):
        add_case(unit.connection, f"n{n}", facts=FACTS)
    found = history(unit)
    assert (len(found), found[0]["case_no"]) == (50, "n51")


def test_what_happened_before_is_found_by_index(unit: Unit) -> None:
    """However many cases there are: the expressions are those of the indexes, sign by sign."""
    asked: list[tuple[str, Any]] = []
    event.listen(unit.connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    history(unit)
    count(unit)
    is_sqlite = unit.connection.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    about_cases = [(query, values) for query, values in asked if "FROM cases" in query]

    plans = [
        " ".join(str(row) for row in unit.connection.exec_driver_sql(explain + query, values))
        for query, values in about_cases
    ]

    by_index = [
        [name for name in ("ix_cases_batch", "ix_cases_problem") if name in plan] for plan in plans
    ]
    assert by_index == [["ix_cases_batch", "ix_cases_problem"], ["ix_cases_problem"]]
