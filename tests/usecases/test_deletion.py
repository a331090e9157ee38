"""Deleting ended instances: their rows go, the history stays, a case is kept as long as it must be."""

from datetime import timedelta

import pytest
from sqlalchemy import Table

from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.persistence.tables import cases, instances, metadata, tasks
from service.usecases import deletion, messages, process_instances, sweeps
from service.usecases.messages import PublishMessage
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import children, deployed, finish, started, state

KEPT = ("events", "batch_operation_items", "notifications", "mails", "cases", "archives")
"""Tables that may name an instance that is gone."""


def delete(office: Office, key: int) -> None:
    """Delete as the operator."""
    deletion.delete_ended(office.house, office.operator, key)


def left(office: Office, key: int) -> list[str]:
    """Return the tables that still hold something of an instance."""
    return [
        table.name
        for table in metadata.sorted_tables
        if table.name not in KEPT and _names(table) and _holds(office, table, key)
    ]


def _names(table: Table) -> bool:
    return "instance_key" in table.c or table is instances.process_instances


def _holds(office: Office, table: Table, key: int) -> bool:
    column = table.c.key if table is instances.process_instances else table.c.instance_key
    return bool(office.rows(table, column == key))


def test_an_ended_instance_goes_with_all_its_rows(office: Office) -> None:
    """Only the history tells of it, and who deleted it."""
    timer = drawing.boundary("ask", drawing.timer("PT1H")) + drawing.flow("ask_left", "over")
    beside = timer + '<bpmn:endEvent id="over" />'
    deployed(office, drawing.line("plain", drawing.user_task("ask"), beside=beside))
    key, other = started(office, "plain", a=1), started(office, "plain", a=2)
    process_instances.cancel(office.house, office.operator, key)
    delete(office, key)
    assert left(office, key) == []
    assert left(office, other) != []
    told = {row.kind for row in office.rows(cases.events, cases.events.c.instance_key == key)}
    assert {"instance.started", "instance.deleted"} <= told
    with pytest.raises(NotFoundError):
        delete(office, key)


def test_a_message_that_a_deleted_instance_has_taken_is_not_taken_again(
    office: Office, clock: FakeClock
) -> None:
    """It is kept for other processes; when it is over, nothing is left that names the instance."""
    definitions = drawing.message("paid", "1")
    deployed(
        office, drawing.line("paying", drawing.waits_for("wait", "paid"), definitions=definitions)
    )
    key = started(office, "paying")
    command = PublishMessage("paid", "1", time_to_live=timedelta(hours=1))
    messages.publish(office.house, office.operator, command)
    assert state(office, key) == "COMPLETED"
    delete(office, key)
    assert state(office, started(office, "paying")) == "ACTIVE"
    assert left(office, key) == ["message_correlations"]
    clock.advance(hours=1)
    sweeps.sweep(office.house)
    assert left(office, key) == []


def test_a_running_instance_is_not_deleted(office: Office) -> None:
    """Nor by somebody who is no operator."""
    deployed(office, drawing.line("plain", drawing.user_task("ask")))
    key = started(office, "plain")
    with pytest.raises(WrongStateError, match="to have ended, but it is ACTIVE"):
        delete(office, key)
    finish(office, "ask")
    with pytest.raises(NotAllowedError):
        deletion.delete_ended(office.house, office.clerk, key)
    assert state(office, key) == "COMPLETED"


def test_what_it_called_stays(office: Office) -> None:
    """Each is deleted by itself."""
    caller = drawing.line("caller", drawing.call("sub", "child"))
    deployed(office, drawing.line("child", drawing.user_task("inside")), caller)
    key = started(office, "caller")
    finish(office, "inside")
    (child,) = children(office, key)
    delete(office, key)
    assert state(office, child.key) == "COMPLETED"


def test_the_instances_of_a_case_are_kept_for_years(office: Office, clock: FakeClock) -> None:
    """Three years from its end at least; then it may go (XC-AR-1)."""
    case = {"caseNumber": "document:PF"}
    deployed(office, drawing.line("filed", drawing.user_task("ask"), properties=case))
    key = started(office, "filed")
    finish(office, "ask")
    clock.advance(days=3 * 365)
    with pytest.raises(WrongStateError, match="is kept until") as refused:
        delete(office, key)
    assert refused.value.facts["reason"] == "retained"
    clock.advance(days=2)
    delete(office, key)
    assert left(office, key) == []
    assert office.rows(tasks.user_tasks) == []


def test_a_process_may_ask_for_more_years(office: Office, clock: FakeClock) -> None:
    """As when histories are frozen: `retentionYears` of its process counts for an operator, too."""
    case = {"caseNumber": "document:PF", "retentionYears": "5"}
    deployed(office, drawing.line("filed", drawing.user_task("ask"), properties=case))
    key = started(office, "filed")
    finish(office, "ask")

    clock.advance(days=4 * 366)
    with pytest.raises(WrongStateError, match="is kept until"):
        delete(office, key)
    clock.advance(days=366)
    delete(office, key)

    assert left(office, key) == []


def test_what_a_case_called_is_kept_until_the_case_has_been(
    office: Office, clock: FakeClock
) -> None:
    """However long ago the called one ended: the years are counted from the end of the case."""
    case = {"caseNumber": "document:PF"}
    steps = (drawing.call("sub", "child"), drawing.user_task("after"))
    caller = drawing.line("caller", *steps, properties=case)
    deployed(office, drawing.line("child", drawing.user_task("inside")), caller)
    key = started(office, "caller")
    finish(office, "inside")
    (child,) = children(office, key)

    clock.advance(days=4 * 366)
    with pytest.raises(WrongStateError) as refused:
        delete(office, child.key)
    assert refused.value.facts["reason"] == "open_case"
    finish(office, "after")
    clock.advance(days=3 * 366)
    delete(office, key)
    delete(office, child.key)

    assert left(office, child.key) == []
