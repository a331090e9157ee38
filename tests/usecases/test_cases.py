"""Cases: numbers, the facts that lists show, readers, links, the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, event, select

from service import feel
from service.domain.errors import BadInputError
from service.persistence.tables import cases as tables
from service.persistence.unit import Unit
from service.sla import SHANGHAI
from service.usecases import cases
from service.usecases.house import House
from tests.fakes import NOW, FakeClock
from tests.rows import add_group, add_person, new_key


def open_one(house: House, pattern: str = "complaint", **variables: Any) -> cases.OpenedCase:
    """Open a case in a transaction of its own."""
    with house.database.unit(house.outside) as unit:
        opened = cases.open_case(
            unit,
            pattern=pattern,
            process_id="customer_feedback",
            root_instance_key=new_key(),
            variables=variables,
            opened_by="chenjing",
        )
        unit.commit()
    return opened


def row_of(house: House, key: int) -> Row[Any]:
    """Return the row of a case."""
    with house.database.reading() as connection:
        return connection.execute(select(tables.cases).where(tables.cases.c.key == key)).one()


def project(unit: Unit, key: int, variables: dict[str, Any], **properties: str) -> None:
    """Bring a case up to some variables."""
    cases.project_case(
        unit,
        key,
        properties=properties,
        variables=variables,
        surroundings=feel.Surroundings(unit.now, SHANGHAI, {}),
    )


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"channel": "TEL"}, "20261124-TEL-001"),
        ({}, "20261124-OTH-001"),
        ({"channel": None}, "20261124-OTH-001"),
        ({"channel": "电话"}, "20261124-OTH-001"),
        ({"channel": "../x"}, "20261124-OTH-001"),
        ({"channel": ["TEL"]}, "20261124-OTH-001"),
    ],
)
def test_a_complaint_is_numbered_by_day_and_channel(
    house: House, variables: dict[str, Any], expected: str
) -> None:
    """XC-NO-2: date, channel code, running number; what is no channel code counts as OTH."""
    assert open_one(house, **variables).case_no == expected


def test_numbers_run_per_channel_and_restart_with_the_day_people_live_in(
    house: House, clock: FakeClock
) -> None:
    """XC-NO-2, XC-T-5: midnight is that of Shanghai, not that of UTC."""
    clock.at = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    before = [open_one(house, channel=code).case_no for code in ("TEL", "TEL", "WEB")]
    clock.advance(seconds=1)
    after = open_one(house, channel="TEL").case_no

    assert before == ["20261124-TEL-001", "20261124-TEL-002", "20261124-WEB-001"]
    assert after == "20261125-TEL-001"


def test_documents_are_numbered_by_month(house: House, clock: FakeClock) -> None:
    """XC-X-1: `{code}-{YYYYMM}-{NNNN}`; cases and single documents share a code's series."""
    first = open_one(house, "document:PF").case_no
    with house.database.unit(house.outside) as unit:
        second = cases.next_number(unit, "PF")
        unit.commit()
    clock.advance(days=7)

    assert (first, second) == ("PF-202611-0001", "PF-202611-0002")
    assert open_one(house, "document:PF").case_no == "PF-202612-0001"


def test_a_number_that_was_rolled_back_is_given_again(house: House) -> None:
    """XC-NO-1: a case that never came to be leaves no gap."""
    with house.database.unit(house.outside) as unit:
        cases.next_number(unit, "PF")

    assert open_one(house, "document:PF").case_no == "PF-202611-0001"


@pytest.mark.parametrize("pattern", ["", "document", "document:", "number"])
def test_another_pattern_is_refused(house: House, pattern: str) -> None:
    """docs/dialect.md §2 knows two patterns."""
    with pytest.raises(BadInputError):
        open_one(house, pattern)


def test_a_case_begun_by_another_is_linked_both_ways(house: House) -> None:
    """`source_case_no` joins the two; a number that is none joins nothing."""
    source = open_one(house)
    follower = open_one(house, "document:PF", source_case_no=source.case_no)
    open_one(house, "document:PF", source_case_no="none")

    with house.database.reading() as connection:
        links = connection.execute(
            select(tables.case_links.c.case_key, tables.case_links.c.other_key)
        ).all()

    assert sorted(links) == sorted([(source.key, follower.key), (follower.key, source.key)])


def test_opening_and_closing_stand_in_the_history(house: House) -> None:
    """XC-X-6: who opened the case when; how it ended."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        cases.close_case(unit, opened.key, "COMPLETED")
        unit.commit()

    with house.database.reading() as connection:
        table = tables.events
        found = connection.execute(
            select(table.c.kind, table.c.who).where(table.c.case_key == opened.key)
        ).all()
    row = row_of(house, opened.key)
    assert found == [("case.opened", "chenjing"), ("case.closed", None)]
    assert (row.state, row.closed_at) == ("CLOSED", NOW)


def test_a_terminated_case_is_canceled(house: House) -> None:
    """An instance that was canceled did not answer anybody."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        cases.close_case(unit, opened.key, "TERMINATED")
        unit.commit()

    assert row_of(house, opened.key).state == "CANCELED"


def test_the_row_follows_the_variables(house: House) -> None:
    """docs/dialect.md §2: title, customer, grade, deadline by FEEL; facts by name, without nulls."""
    opened = open_one(house)
    variables = {"customer_name": "百灵", "solve_by": "2026-11-25T10:00", "n": 3, "x": None}
    with house.database.unit(house.outside) as unit:
        project(
            unit,
            opened.key,
            variables,
            caseTitle='=customer_name + "：开胶"',
            caseCustomer="=customer_name",
            caseGrade="2级",
            caseDeadline="=solve_by",
            caseFacts="customer_name, n,x ,missing",
        )
        unit.commit()

    row = row_of(house, opened.key)
    assert (row.title, row.customer, row.grade) == ("百灵：开胶", "百灵", "2级")
    assert row.deadline_at == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert row.facts == {"customer_name": "百灵", "n": 3}


def test_null_leaves_the_earlier_value(house: House) -> None:
    """A variable that is not there yet does not wipe out what was known."""
    opened = open_one(house)
    for variables in ({"grade": "1级"}, {"grade": None}, {}):
        with house.database.unit(house.outside) as unit:
            project(unit, opened.key, variables, caseGrade="=grade")
            unit.commit()

    assert row_of(house, opened.key).grade == "1级"


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        ("2026-11-25T10:00:00Z", datetime(2026, 11, 25, 10, tzinfo=UTC)),
        ("2026-11-25T10:00:00+08:00", datetime(2026, 11, 25, 2, tzinfo=UTC)),
        ("2026-11-25T10:00:00@Asia/Shanghai", datetime(2026, 11, 25, 2, tzinfo=UTC)),
        ("2026-11-25", datetime(2026, 11, 25, 16, tzinfo=UTC)),
        ("soon", None),
    ],
    ids=["UTC", "offset", "zone", "a day ends at midnight (XC-T-3)", "no moment"],
)
def test_a_deadline_is_a_moment(house: House, deadline: str, expected: datetime | None) -> None:
    """What forms and FEEL write as date and time is understood; anything else gives no deadline."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        project(unit, opened.key, {"solve_by": deadline}, caseDeadline="=solve_by")
        unit.commit()

    assert row_of(house, opened.key).deadline_at == expected


def test_a_fact_that_is_no_text_is_shown_as_feel_writes_it(house: House) -> None:
    """Nobody has to know how Python writes true."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        project(unit, opened.key, {"urgent": True}, caseTitle="=urgent")
        unit.commit()
    assert row_of(house, opened.key).title == "true"


@pytest.mark.parametrize(
    "never", ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00"]
)
def test_a_deadline_beyond_the_calendar_is_none(house: House, never: str) -> None:
    """No page could show it in the house's time, and nobody's work fails for it."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        project(unit, opened.key, {"until": never}, caseDeadline="=until")
        unit.commit()
    assert row_of(house, opened.key).deadline_at is None


def test_what_names_no_changed_variable_is_not_written(house: House) -> None:
    """The projection runs after each step: of one that changed something else nothing is written or read."""
    opened = open_one(house)
    variables = {"customer_name": "百灵", "cc": ["quality"]}
    properties = {"caseTitle": "=customer_name", "caseFacts": "cc", "caseReaders": "=cc"}
    with house.database.unit(house.outside) as unit:
        project(unit, opened.key, variables, **properties)
        unit.commit()
    statements: list[str] = []
    engine = house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    with house.database.unit(house.outside) as unit:
        cases.project_case(
            unit,
            opened.key,
            properties=properties,
            variables={**variables, "note": "新"},
            surroundings=feel.Surroundings(unit.now, SHANGHAI, {}),
            touched=frozenset({"note"}),
        )
        unit.commit()

    assert [statement.split()[0] for statement in statements] == ["BEGIN"]


def test_readers_are_found_by_key_name_or_other_name_once(house: House) -> None:
    """`caseReaders` takes groups however the paper calls them, and people; each is added once."""
    opened = open_one(house)
    with house.database.unit(house.outside) as unit:
        add_group(unit.connection, "quality", name="质量部", other_names=["品质部"])
        add_person(unit.connection, "lina")
        for names in (["质量部", "品质部", "quality"], ["lina", "quality"]):
            project(unit, opened.key, {"cc": names}, caseReaders="=cc")
        unit.commit()

    with house.database.reading() as connection:
        table = tables.case_readers
        found = connection.execute(select(table.c.kind, table.c.name).order_by(table.c.name)).all()
    assert found == [("user", "lina"), ("group", "quality")]


def test_the_clock_of_the_case_is_that_of_the_house(house: House, clock: FakeClock) -> None:
    """The case is opened now."""
    clock.advance(timedelta(hours=3))
    assert row_of(house, open_one(house).key).opened_at == NOW + timedelta(hours=3)
