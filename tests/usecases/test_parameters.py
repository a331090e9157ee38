"""Parameters and the calendar: shipped values, changes by administrators, what counts from when."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from service.domain.errors import BadInputError, NotAllowedError, NotFoundError
from service.persistence.facts import cluster_variables, working_calendar
from service.persistence.tables import cases
from service.persistence.tables import house as tables
from service.usecases import parameters
from service.usecases.house import House
from tests.rows import person

ADMIN = person("admin", roles=frozenset({"admin"}))
HOURS = {"key": "HOURS", "value": 4, "unit": "小时", "label": "时限", "ruleRefs": ["FB-4.5-7"]}
DAYS = {"key": "DAYS", "value": [3, 5], "label": "提醒"}
SWITCH = {"key": "SWITCH", "value": False, "label": "审批"}


@pytest.fixture
def shipped(house: House) -> House:
    """Return a house with three parameters."""
    parameters.load_shipped(house, [HOURS, DAYS, SWITCH])
    return house


def values(house: House) -> dict[str, Any]:
    """Return the parameters as FEEL sees them."""
    with house.database.reading() as connection:
        return cluster_variables(connection)


def test_shipped_values_count_and_loading_again_changes_nothing(shipped: House) -> None:
    """XC-T-6: the seed's number is the default."""
    parameters.load_shipped(shipped, [HOURS, DAYS, SWITCH])
    assert values(shipped) == {"HOURS": 4, "DAYS": [3, 5], "SWITCH": False}


def test_a_new_default_counts_unless_an_administrator_chose_a_value(shipped: House) -> None:
    """What somebody changed on purpose survives an update of the product."""
    parameters.change(shipped, ADMIN, "HOURS", 6)
    parameters.load_shipped(shipped, [{**HOURS, "value": 8}, {**DAYS, "value": [2]}])

    assert values(shipped) == {"HOURS": 6, "DAYS": [2], "SWITCH": False}
    with shipped.database.reading() as connection:
        table = tables.parameters
        query = select(table.c.default).where(table.c.key == "HOURS")
        assert connection.execute(query).scalar_one() == 8


def test_a_change_stands_in_the_history_with_before_and_after(shipped: House) -> None:
    """XC-X-6: who changed what, under which rule."""
    parameters.change(shipped, ADMIN, "HOURS", 6)
    with shipped.database.reading() as connection:
        row = connection.execute(select(cases.events)).one()
    assert (row.kind, row.who, row.rule_refs) == ("parameter.changed", "admin", ["FB-4.5-7"])
    assert (row.before["value"], row.after["value"]) == (4, 6)


def test_a_change_counts_in_the_next_step(shipped: House) -> None:
    """The snapshot that steps read is forgotten at once in this process."""
    with shipped.database.reading() as connection:
        before = shipped.snapshot(connection).platform["vars"]["cluster"]["HOURS"]
    parameters.change(shipped, ADMIN, "HOURS", 6)
    with shipped.database.reading() as connection:
        after = shipped.snapshot(connection).platform["vars"]["cluster"]["HOURS"]
    assert (before, after) == (4, 6)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("HOURS", -1),
        ("HOURS", "4"),
        ("HOURS", True),
        ("HOURS", None),
        ("HOURS", float("nan")),
        ("HOURS", float("inf")),
        ("DAYS", 3),
        ("DAYS", ["3"]),
        ("DAYS", [3, -5]),
        ("DAYS", []),
        ("SWITCH", 1),
        ("SWITCH", "false"),
    ],
)
def test_a_value_of_another_kind_is_refused(shipped: House, key: str, value: Any) -> None:
    """A diagram that reads a number must find a number; the refusal is told in Chinese."""
    before = values(shipped)
    with pytest.raises(BadInputError) as refused:
        parameters.change(shipped, ADMIN, key, value)
    assert refused.value.facts["message"]
    assert values(shipped) == before


def test_only_administrators_change_parameters_and_days(shipped: House) -> None:
    """XC-P-5."""
    for role in ("staff", "process_owner", "operator", "auditor"):
        other = person("x", roles=frozenset({role}))
        with pytest.raises(NotAllowedError):
            parameters.change(shipped, other, "HOURS", 6)
        with pytest.raises(NotAllowedError):
            parameters.set_calendar_day(shipped, other, date(2026, 12, 31), False)


def test_an_unknown_parameter_is_not_found(shipped: House) -> None:
    """A typing error makes no new parameter."""
    with pytest.raises(NotFoundError):
        parameters.change(shipped, ADMIN, "HOUR", 6)


def test_a_day_of_the_administrator_stands_above_the_calendar(house: House) -> None:
    """XC-T-2: set, set anew, taken away."""
    day = date(2026, 12, 31)

    def is_worked() -> tuple[bool, str]:
        with house.database.reading() as connection:
            found = working_calendar(connection).day(day)
        return found.is_working, found.name

    assert is_worked() == (True, "")
    parameters.set_calendar_day(house, ADMIN, day, False, "盘点")
    assert is_worked() == (False, "盘点")
    parameters.set_calendar_day(house, ADMIN, day, True, "不盘点")
    assert is_worked() == (True, "不盘点")
    parameters.set_calendar_day(house, ADMIN, day, None)
    assert is_worked() == (True, "")
