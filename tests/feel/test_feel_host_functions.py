"""Functions that the house adds to FEEL."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.errors import BadInputError
from service.feel import Function, Surroundings, compile_expression, to_json
from service.sla import WorkingCalendar, calendar_functions

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def office(**functions: Callable[..., Any]) -> Surroundings:
    """Return surroundings with functions of one parameter `value`."""
    made = {name: Function(("value",), call) for name, call in functions.items()}
    return Surroundings(NOW, SHANGHAI, made)


def test_working_time_can_be_spoken_in_diagrams() -> None:
    """The calendar's functions are called by their names with spaces."""
    functions = {
        name: Function(parameters, call)
        for name, (parameters, call) in calendar_functions(WorkingCalendar.of()).items()
    }
    text = "[add working days(now(), 3), is working day(today()), working days between(from: "
    text += 'date("2026-10-01"), to: date("2026-10-09"))]'

    outcome = compile_expression(text).evaluate({}, Surroundings(NOW, SHANGHAI, functions))

    assert outcome.diagnostics == ()
    assert to_json(outcome.value) == ["2026-11-27T18:00:00+08:00", True, 2]


def test_a_host_function_sees_plain_python_values() -> None:
    """Dates arrive as `datetime` objects, numbers as `Decimal`, and come back as FEEL values."""
    seen: list[Any] = []

    def keep(value: Any) -> Any:
        seen.append(value)
        return [date(2026, 1, 2), timedelta(hours=1), 1.5]

    text = 'keep([now(), date("2026-01-01"), 2])'
    outcome = compile_expression(text).evaluate({}, office(keep=keep))

    moment, day, number = seen[0]
    assert moment == NOW
    assert (day, number) == (date(2026, 1, 1), Decimal(2))
    assert to_json(outcome.value) == ["2026-01-02", "PT1H", 1.5]


def test_what_a_host_function_refuses_is_null_with_its_reason() -> None:
    """An error of the house becomes a diagnostic."""

    def refuse(value: Any) -> Any:
        raise BadInputError("There is no such day.", message="没有这一天")

    outcome = compile_expression("refuse(1)").evaluate({}, office(refuse=refuse))

    assert outcome.value is None
    assert "没有这一天" in outcome.diagnostics[0].message
