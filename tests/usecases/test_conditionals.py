"""Conditional start events start instances when they are asked for, conditional events by themselves."""

import pytest

from service.domain.errors import NotAllowedError, NotFoundError
from service.identity import Person
from service.identity.grants import Grant
from service.persistence.tables import instances
from service.reports import operating
from service.usecases import conditionals, process_instances
from service.usecases.deployments import DeployFile
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, instance, open_tasks, started, values


def conditional(condition: str) -> str:
    """Return the definition of a conditional event."""
    inner = f"<bpmn:condition>={condition}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def started_when(process_id: str, condition: str) -> DeployFile:
    """Return a process that a condition starts."""
    start = drawing.event("startEvent", "start", conditional(condition))
    return drawing.line(process_id, drawing.user_task("handle"), start=start)


def test_every_true_start_event_starts_an_instance(office: Office) -> None:
    """With the variables; what is not true starts nothing."""
    files = [started_when("one", "x &gt; 1"), started_when("two", "x &gt; 2")]
    deployed(office, *files, started_when("three", "x &gt; 9"))
    evaluated = conditionals.evaluate(office.house, office.operator, {"x": 3})

    keys = [instance_key for _, instance_key in evaluated.started]
    assert [instance(office, key).process_id for key in keys] == ["one", "two"]
    assert [values(office, key)["x"] for key in keys] == [3, 3]


def test_only_the_latest_version_is_asked(office: Office) -> None:
    """Also by its key: the old one listens no more. An unknown key is not found."""
    deployed(office, started_when("one", "x &gt; 1"))
    first = conditionals.evaluate(office.house, office.operator, {"x": 2}).started[0][0]
    deployed(office, started_when("one", "x &gt; 5"))

    assert conditionals.evaluate(office.house, office.operator, {"x": 2}).started == ()
    assert conditionals.evaluate(office.house, office.operator, {"x": 9}, first).started == ()
    ((second, _),) = conditionals.evaluate(office.house, office.operator, {"x": 9}).started
    again = conditionals.evaluate(office.house, office.operator, {"x": 9}, second)
    assert [process_key for process_key, _ in again.started] == [second]
    with pytest.raises(NotFoundError):
        conditionals.evaluate(office.house, office.operator, {}, 5)


def test_only_operators_ask_or_who_may_start_what_is_true(office: Office) -> None:
    """An authorization names the process; one that he may not start is true, too: nothing is started."""
    with pytest.raises(NotAllowedError):
        conditionals.evaluate(office.house, office.clerk, {})
    grant = Grant("PROCESS_DEFINITION", "CREATE_PROCESS_INSTANCE", "one")
    program = Person("bot", "bot", roles=frozenset(), grants=frozenset({grant}), is_program=True)
    deployed(office, started_when("one", "x &gt; 1"), started_when("two", "x &gt; 5"))

    assert len(conditionals.evaluate(office.house, program, {"x": 2}).started) == 1
    with pytest.raises(NotAllowedError):
        conditionals.evaluate(office.house, program, {"x": 9})
    assert open_tasks(office) == ["handle"]


def test_variables_set_from_outside_let_a_condition_happen(office: Office) -> None:
    """The step is written like any other: the task is over, the next one there."""
    beside = drawing.boundary("ask", conditional("x &gt; 10"))
    deployed(office, drawing.line("asked", drawing.user_task("ask"), beside=beside))
    key = started(office, "asked")
    (waiting,) = office.rows(instances.condition_subscriptions)
    assert (waiting.element_id, waiting.condition) == ("ask_left", "=x > 10")
    process_instances.set_variables(office.house, office.operator, key, {"x": 11}, False)

    assert open_tasks(office) == ["ask_mended"]
    assert office.rows(instances.condition_subscriptions) == []


def test_what_is_waited_for_is_told_to_who_migrates(office: Office) -> None:
    """A condition like every other event that waits beside what is active."""
    beside = drawing.boundary("ask", conditional("x &gt; 1"))
    deployed(office, drawing.line("watching", drawing.user_task("ask"), beside=beside))
    key = started(office, "watching", x=0)

    with office.house.database.reading() as connection:
        assert operating.waits(connection, [key]) == {"ask", "ask_left"}
