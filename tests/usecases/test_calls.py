"""Call activities: the called process is an instance of its own, and both end as one."""

from typing import Any

import pytest
from sqlalchemy import Row

from service.domain.errors import WrongStateError
from service.persistence.tables import cases, instances, tasks
from service.usecases import jobs, process_instances, timers, user_tasks
from service.usecases.deployments import DeployFile
from service.usecases.execution.execution import CALL_DEPTH
from service.usecases.process_instances import CreateInstance
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
    children,
    deployed,
    finish,
    incident,
    instance,
    mend,
    open_tasks,
    resolve,
    started,
    state,
    values,
)

CASE = {"caseNumber": "document:PF"}
CHILD = drawing.line("child", drawing.user_task("inside"), properties=CASE)
FAILING = drawing.line("child", drawing.job("inside", "work"), definitions=drawing.errors("broken"))


def calling(office: Office, call: str = "", beside: str = "", child: DeployFile = CHILD) -> int:
    """Start a case that calls `child` and then has the task `after`; return its key."""
    caller = drawing.line(
        "caller",
        call or drawing.call("sub", "child"),
        drawing.user_task("after"),
        beside=beside,
        definitions=drawing.errors("broken", "other"),
        properties=CASE,
    )
    deployed(office, child, caller)
    return started(office, "caller", amount=10)


def the_child(office: Office, key: int) -> Row[Any]:
    """Return the only instance that an instance called."""
    (found,) = children(office, key)
    return found


def test_a_called_process_is_an_instance_of_its_own_in_the_same_case(office: Office) -> None:
    """It knows its caller and its root; it opens no case; its task shows the case."""
    key = calling(office)
    child = the_child(office, key)
    (element,) = office.rows(
        instances.element_instances, instances.element_instances.c.element_id == "sub"
    )
    assert (child.process_id, child.root_key, child.call_depth) == ("child", key, 1)
    assert child.parent_element_instance_key == element.key
    assert len(office.rows(cases.cases)) == 1
    assert office.task("inside").case_key == instance(office, key).case_key
    assert values(office, child.key)["case_no"] == values(office, key)["case_no"]


def test_all_variables_go_in_and_come_out_unless_it_is_drawn_otherwise(office: Office) -> None:
    """Camunda 8: both propagations are on when they are absent."""
    key = calling(office)
    assert values(office, the_child(office, key).key)["amount"] == 10
    finish(office, "inside", result="好")
    assert values(office, key)["result"] == "好"
    assert (state(office, key), open_tasks(office)) == ("ACTIVE", ["after"])
    assert state(office, the_child(office, key).key) == "COMPLETED"


def test_mappings_say_what_goes_in_and_what_comes_out(office: Office) -> None:
    """Without propagation the child sees its input only, and the caller the output only."""
    mapped = drawing.mapping(("amount + 1", "given"), outputs=(("result", "taken"),))
    call = drawing.call(
        "sub",
        "child",
        more=mapped,
        propagateAllParentVariables="false",
        propagateAllChildVariables="false",
    )
    key = calling(office, call)
    inside = values(office, the_child(office, key).key)
    assert (inside["given"], "amount" in inside) == (11, False)
    finish(office, "inside", result="好", secret=1)
    outside = values(office, key)
    assert outside["taken"] == "好"
    assert not {"secret", "result", "given"} & outside.keys()


@pytest.mark.parametrize(("text", "is_told"), [("TRUE", True), ("False", False), ("0", False)])
def test_whether_all_variables_go_is_read_as_in_camunda(
    office: Office, text: str, is_told: bool
) -> None:
    """Java's parseBoolean: "true" in any case is true, any other text false."""
    call = drawing.call(
        "sub", "child", propagateAllParentVariables=text, propagateAllChildVariables=text
    )
    key = calling(office, call)
    assert ("amount" in values(office, the_child(office, key).key)) is is_told
    finish(office, "inside", result="好")
    assert ("result" in values(office, key)) is is_told


def fail_inside(office: Office, code: str = "broken") -> None:
    """Throw an error from the only open job."""
    (job,) = office.rows(instances.jobs, instances.jobs.c.ended_at.is_(None))
    jobs.throw_error(office.house, office.operator, job.key, code, variables={"why": "坏"})


def test_an_error_of_the_child_is_caught_at_the_callers_boundary(office: Office) -> None:
    """The child is terminated, the caller goes the way of the boundary event.

    What the error carries stays with the event, as in Camunda 8.
    """
    beside = drawing.boundary("sub", drawing.caught("broken"))
    key = calling(office, beside=beside, child=FAILING)
    fail_inside(office)
    assert state(office, the_child(office, key).key) == "TERMINATED"
    assert (state(office, key), open_tasks(office)) == ("ACTIVE", ["sub_mended"])
    assert "why" not in values(office, key)
    assert active_incidents(office) == []


def test_an_error_end_event_of_the_child_is_caught_at_the_callers_boundary(office: Office) -> None:
    """Thrown by the diagram itself, two calls deep."""
    end = f'<bpmn:endEvent id="end">{drawing.caught("broken")}</bpmn:endEvent>'
    innermost = drawing.line(
        "innermost", drawing.user_task("inside"), end=end, definitions=drawing.errors("broken")
    )
    deployed(office, innermost)
    child = drawing.line("child", drawing.call("deeper", "innermost"))
    key = calling(office, beside=drawing.boundary("sub", drawing.caught("broken")), child=child)
    finish(office, "inside")
    assert open_tasks(office) == ["sub_mended"]
    middle = the_child(office, key)
    assert (middle.state, the_child(office, middle.key).state) == ("TERMINATED", "TERMINATED")


@pytest.mark.parametrize("is_other_caught", [True, False])
def test_an_error_that_nobody_catches_is_an_incident_in_the_child(
    office: Office, is_other_caught: bool
) -> None:
    """The caller waits on; a boundary event of another code changes nothing."""
    beside = drawing.boundary("sub", drawing.caught("other")) if is_other_caught else ""
    key = calling(office, beside=beside, child=FAILING)
    fail_inside(office)
    found = incident(office)
    assert found.instance_key == the_child(office, key).key
    assert (found.element_id, found.error_type) == ("inside", "UNHANDLED_ERROR_EVENT")
    assert (instance(office, key).state, instance(office, key).has_incident) == ("ACTIVE", False)


def test_canceling_ends_everything_that_was_called(office: Office) -> None:
    """Instances, tasks and incidents of all depths; the child alone cannot be cancelled."""
    deployed(office, CHILD)
    middle = drawing.line("middle", drawing.call("deeper", "child"))
    deployed(office, middle)
    key = calling(office, call=drawing.call("sub", "middle"))
    with pytest.raises(WrongStateError, match="root"):
        process_instances.cancel(office.house, office.operator, the_child(office, key).key)

    process_instances.cancel(office.house, office.operator, key)
    states = {row.state for row in office.rows(instances.process_instances)}
    assert (states, open_tasks(office)) == ({"TERMINATED"}, [])
    assert len(office.rows(instances.process_instances)) == 3
    assert [row.state for row in office.rows(cases.cases)] == ["CANCELED"]


def test_canceling_resolves_the_incidents_of_the_child(office: Office) -> None:
    """Nobody has to look after what is over."""
    key = calling(office, child=FAILING)
    fail_inside(office)
    process_instances.cancel(office.house, office.operator, key)
    assert active_incidents(office) == []


def test_an_interrupting_timer_at_a_call_ends_the_child(office: Office, clock: FakeClock) -> None:
    """Its task is gone from the inbox and the caller goes on at the boundary."""
    key = calling(office, beside=drawing.boundary("sub", drawing.timer("PT1H")))
    clock.advance(hours=1)
    assert timers.fire_due(office.house) == 1
    assert state(office, the_child(office, key).key) == "TERMINATED"
    assert open_tasks(office) == ["sub_mended"]
    assert office.task("inside", "CANCELED").completed_by is None


def test_a_timer_that_does_not_interrupt_leaves_the_child(office: Office, clock: FakeClock) -> None:
    """Both ways are open; the call comes back as ever."""
    beside = drawing.boundary("sub", drawing.timer("PT1H"), is_interrupting=False)
    key = calling(office, beside=beside)
    clock.advance(hours=1)
    assert timers.fire_due(office.house) == 1
    assert open_tasks(office) == ["inside", "sub_mended"]
    finish(office, "inside")
    assert open_tasks(office) == ["after", "sub_mended"]
    assert state(office, the_child(office, key).key) == "COMPLETED"


def loop(*, is_sequential: bool = False, until: str = "") -> str:
    """Return loop characteristics over `items` that collect `result`."""
    inner = drawing.extension(
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" inputElement="item"'
        ' outputCollection="results" outputElement="=result" />'
    )
    inner += f"<bpmn:completionCondition>={until}</bpmn:completionCondition>" if until else ""
    kind = f'isSequential="{str(is_sequential).lower()}"'
    return (
        f"<bpmn:multiInstanceLoopCharacteristics {kind}>{inner}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def inside(office: Office) -> list[Row[Any]]:
    """Return the open tasks of the children, oldest first."""
    table = tasks.user_tasks
    found = office.rows(table, table.c.state == "CREATED", table.c.element_id == "inside")
    return sorted(found, key=lambda row: int(row.key))


def test_parallel_calls_are_an_instance_an_item_and_collect_in_order(office: Office) -> None:
    """The results stand in the order of the items, whoever is done first.

    Without the output mapping each child would bring back the list as it stood when it began.
    """
    only_result = drawing.mapping(outputs=(("result", "result"),))
    key = calling(office, drawing.call("sub", "child", more=only_result, loop=loop()))
    assert [values(office, row.key)["item"] for row in children(office, key)] == [1, 2, 3]
    for task in reversed(inside(office)):
        item = values(office, task.instance_key)["item"]
        done(office, task.key, result=item * 10)
    assert values(office, key)["results"] == [10, 20, 30]
    assert open_tasks(office) == ["after"]


def done(office: Office, task_key: int, **variables: Any) -> None:
    """Complete a task of a child as somebody of 质量部."""
    user_tasks.complete(office.house, office.inspector, task_key, variables)


def test_sequential_calls_follow_each_other(office: Office) -> None:
    """The next child begins when the one before has ended."""
    key = calling(office, drawing.call("sub", "child", loop=loop(is_sequential=True)))
    for count in (1, 2, 3):
        assert len(children(office, key)) == count
        finish(office, "inside", result=count)
    assert (values(office, key)["results"], open_tasks(office)) == ([1, 2, 3], ["after"])


def test_a_condition_that_is_met_ends_the_other_calls(office: Office) -> None:
    """XC-CS-3: with the first answer the rest is void."""
    until = "numberOfCompletedInstances &gt;= 1"
    key = calling(office, drawing.call("sub", "child", loop=loop(until=until)))
    done(office, inside(office)[1].key, result="中")
    states = [row.state for row in children(office, key)]
    assert states == ["TERMINATED", "COMPLETED", "TERMINATED"]
    assert values(office, key)["results"] == [None, "中", None]
    assert open_tasks(office) == ["after"]


def test_calls_inside_each_other_have_a_bound(office: Office) -> None:
    """A process that calls itself ends in an incident and not in the database's limits."""
    deployed(office, drawing.line("circle", drawing.call("again", '="circle"')))
    key = started(office, "circle")
    depths = [row.call_depth for row in office.rows(instances.process_instances)]
    found = incident(office)
    assert sorted(depths) == list(range(CALL_DEPTH + 1))
    assert (found.error_type, str(CALL_DEPTH) in found.message) == ("CALLED_ELEMENT_ERROR", True)
    process_instances.cancel(office.house, office.operator, key)
    assert {row.state for row in office.rows(instances.process_instances)} == {"TERMINATED"}


def test_a_call_of_a_process_that_cannot_be_called_is_an_incident(office: Office) -> None:
    """Only a message starts it: the caller waits; with a new version resolving calls it."""
    only_message = drawing.line(
        "child",
        drawing.user_task("inside"),
        start=drawing.started_by("m"),
        definitions=drawing.message("m"),
    )
    key = calling(office, child=only_message)
    assert (incident(office).error_type, children(office, key)) == ("CALLED_ELEMENT_ERROR", [])
    deployed(office, CHILD)
    resolve(office)
    assert open_tasks(office) == ["inside"]
    assert active_incidents(office) == []


def test_an_escalation_of_a_called_process_is_told_above(office: Office) -> None:
    """The child goes on beside; an interrupting one ends it."""
    tell, take = (
        drawing.event("intermediateThrowEvent", f"throw_{code}", drawing.escalated(code))
        for code in ("a", "b")
    )
    child = drawing.line(
        "child",
        tell,
        drawing.user_task("ask"),
        take,
        drawing.user_task("never"),
        definitions=drawing.escalations("a", "b"),
    )
    told = drawing.boundary("call", drawing.escalated("a"), is_interrupting=False)
    middle = drawing.line("middle", drawing.call("inner", "child"))
    taken = (
        '<bpmn:boundaryEvent id="took" attachedToRef="call">'
        f"{drawing.escalated('b')}</bpmn:boundaryEvent>{drawing.user_task('took_over')}"
        f"{drawing.flow('took', 'took_over')}"
    )
    top = drawing.line(
        "top",
        drawing.call("call", "middle"),
        beside=told + taken,
        definitions=drawing.escalations("a", "b"),
    )
    deployed(office, child, middle, top)
    key = started(office, "top")
    assert open_tasks(office) == ["ask", "call_mended"]

    finish(office, "ask")
    assert open_tasks(office) == ["call_mended", "took_over"]
    (called,) = children(office, key)
    (inner,) = children(office, called.key)
    assert (called.state, inner.state, state(office, key)) == ("TERMINATED", "TERMINATED", "ACTIVE")


@pytest.mark.parametrize(
    ("drawn", "given"),
    [
        ({}, "B-1"),
        ({"businessId": ""}, None),
        ({"businessId": "C"}, "C"),
        ({"businessId": "=own"}, "D"),
        ({"businessId": "=null"}, None),
        ({"businessId": '=""'}, None),
        ({"businessId": "=camunda.processInstance.businessId"}, "B-1"),
    ],
    ids=["absent", "empty", "literal", "FEEL", "FEEL null", "FEEL empty", "of the caller"],
)
def test_a_called_process_has_the_business_id_that_the_call_says(
    office: Office, drawn: dict[str, str], given: str | None
) -> None:
    """Its caller's when the call says nothing (Camunda 8.10)."""
    child = drawing.line("child", drawing.user_task("inside"))
    deployed(office, child, drawing.line("parent", drawing.call("ask", "child", **drawn)))
    command = CreateInstance(process_id="parent", variables={"own": "D"}, business_id="B-1")
    key = process_instances.create(office.house, office.owner, command).key

    assert [row.business_id for row in children(office, key)] == [given]


def test_what_is_no_business_id_is_an_incident(office: Office) -> None:
    """Null as a variable is missing, or longer than 256 characters; the call begins when it is mended."""
    child = drawing.line("child", drawing.user_task("inside"))
    call = drawing.call("ask", "child", businessId="=own")
    deployed(office, child, drawing.line("parent", call))
    key = started(office, "parent")
    assert incident(office).error_type == "EXTRACT_VALUE_ERROR"

    mend(office, key, own="x" * 257)
    resolve(office)
    assert incident(office).error_type == "EXTRACT_VALUE_ERROR"

    mend(office, key, own="x" * 256)
    resolve(office)
    assert [row.business_id for row in children(office, key)] == ["x" * 256]


def test_expressions_see_key_and_business_id_of_their_own_instance(office: Office) -> None:
    """A called process those of its own; without a business id it is null (Camunda 8.10)."""
    seen = "camunda.processInstance"
    keep = drawing.mapping(outputs=((f"[{seen}.key, {seen}.businessId]", "seen"),))
    child = drawing.line("child", drawing.user_task("inside", keep))
    call = drawing.call("ask", "child", more=keep, businessId="", propagateAllChildVariables="true")
    deployed(office, child, drawing.line("parent", call, drawing.user_task("after")))
    command = CreateInstance(process_id="parent", business_id="B-1")
    key = process_instances.create(office.house, office.owner, command).key
    finish(office, "inside")

    (called,) = children(office, key)
    assert values(office, called.key)["seen"] == [called.key, None]
    assert values(office, key)["seen"] == [key, "B-1"]
