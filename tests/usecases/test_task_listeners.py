"""Task listeners on the platform: commands wait for workers, who correct, deny or let pass."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.errors import BadInputError, WrongStateError
from service.engine import TaskListenerResult
from service.persistence.tables import cases, instances, tasks
from service.usecases import (
    job_activation,
    jobs,
    process_instances,
    user_tasks,
)
from service.usecases.deployments import deploy
from service.usecases.job_activation import ActivatedJob, ActivateJobs
from service.usecases.process_instances import CreateInstance, create
from service.usecases.task_answers import outcome
from service.usecases.user_tasks import UserTaskChanges
from tests.rows import person
from tests.usecases.conftest import Office
from tests.usecases.drawing import boundary, call, caught, extension, flow, job, line, user_task


def start(office: Office, *events: str) -> int:
    """Start a process whose task has a listener `ask` for each event; return the instance's key."""
    inner = "".join(f'<zeebe:taskListener eventType="{event}" type="ask" />' for event in events)
    listened = user_task("look", f"<zeebe:taskListeners>{inner}</zeebe:taskListeners>")
    deploy(office.house, office.owner, [line("listened", listened)])
    return create(office.house, office.owner, CreateInstance(process_id="listened")).key


def asked(office: Office) -> ActivatedJob:
    """Return the only job of a listener."""
    command = ActivateJobs("ask", "w", timedelta(minutes=1), 10)
    (given,) = job_activation.activate(office.house, office.operator, command)
    return given


def answer(office: Office, result: TaskListenerResult | None = None) -> ActivatedJob:
    """Have the listener's worker answer; return its job."""
    given = asked(office)
    jobs.complete(office.house, office.operator, given.key, {}, result=result)
    return given


def the_task(office: Office) -> Any:
    """Return the row of the only task."""
    (row,) = office.rows(tasks.user_tasks)
    return row


@pytest.mark.parametrize("local", [True, False])
def test_variables_of_a_task_are_set_when_its_listeners_let_pass(
    office: Office, local: bool
) -> None:
    """They are told that variables change, and to what; until then the task takes no other command."""
    key = start(office, "updating")
    scope = the_task(office).element_instance_key

    def put(value: str) -> int | None:
        return process_instances.set_variables(
            office.house, office.operator, scope, {"note": value}, local
        )

    change = put("new")
    assert change is not None
    assert the_task(office).state == "UPDATING"
    with pytest.raises(WrongStateError):
        put("newer")
    variable = instances.variables
    assert office.rows(variable, variable.c.name == "note") == []

    given = answer(office)
    assert given.user_task is not None
    assert given.user_task["changedAttributes"] == ["variables"]
    assert given.variables["note"] == "new"
    assert outcome(office.house, change)
    (row,) = office.rows(variable, variable.c.name == "note")
    assert row.scope_key == (scope if local else key)
    assert the_task(office).state == "CREATED"
    assert len(office.rows(cases.events, cases.events.c.kind == "variables.set")) == 1


def test_variables_without_any_ask_the_listeners_and_change_nothing(office: Office) -> None:
    """Camunda 8 (TaskListenerBlockedTransitionTest): no attribute is named."""
    start(office, "updating")
    scope = the_task(office).element_instance_key
    process_instances.set_variables(office.house, office.operator, scope, {}, True)

    given = answer(office)
    assert given.user_task is not None
    assert given.user_task["changedAttributes"] == []
    assert "io.camunda.zeebe:changedAttributes" not in given.headers
    assert the_task(office).state == "CREATED"


def test_an_update_without_changes_asks_the_listeners(office: Office) -> None:
    """Camunda 8 (UserTaskUpdateProcessor): the action alone is an update, which they may correct."""
    start(office, "updating")
    key = the_task(office).key
    user_tasks.claim(office.house, office.inspector, key)
    user_tasks.update(office.house, office.inspector, key, UserTaskChanges(), action="escalate")
    assert the_task(office).state == "UPDATING"

    given = answer(office, TaskListenerResult({"priority": 80}))
    assert given.user_task is not None
    assert (given.user_task["action"], given.user_task["changedAttributes"]) == ("escalate", [])
    assert (the_task(office).state, the_task(office).priority) == ("CREATED", 80)


def test_denied_variables_are_not_set(office: Office) -> None:
    """Whoever waits is told the reason."""
    start(office, "updating")
    scope = the_task(office).element_instance_key
    change = process_instances.set_variables(
        office.house, office.operator, scope, {"note": "new"}, True
    )
    answer(office, TaskListenerResult(is_denied=True, denied_reason="closed books"))

    assert change is not None
    with pytest.raises(WrongStateError, match="closed books"):
        outcome(office.house, change)
    assert office.rows(instances.variables, instances.variables.c.name == "note") == []


def test_a_task_is_for_nobody_until_its_creation_was_let_pass(office: Office) -> None:
    """A listener may name the assignee, for the diagram has none; then it can be worked on."""
    start(office, "creating")
    assert the_task(office).state == "CREATING"
    assert office.rows(tasks.user_task_candidates) == []
    with pytest.raises(WrongStateError):
        user_tasks.claim(office.house, office.inspector, the_task(office).key)

    given = answer(office, TaskListenerResult({"assignee": "lina", "priority": 80}))
    assert (given.kind, given.listener_event_type) == ("TASK_LISTENER", "CREATING")
    row = the_task(office)
    assert (row.state, row.assignee, row.priority) == ("CREATED", "lina", 80)
    done = user_tasks.complete(office.house, office.inspector, row.key, {})
    assert done.change_key is None


def test_a_creation_is_told_whom_the_diagram_names(office: Office) -> None:
    """Who is no change until he is assigned, which is asked for next (TaskListenerTaskHeadersTest)."""
    asks = "".join(
        f'<zeebe:taskListener eventType="{event}" type="ask" />'
        for event in ("creating", "assigning")
    )
    named = '<zeebe:assignmentDefinition assignee="lina" />'
    inner = extension(f"<zeebe:userTask /><zeebe:taskListeners>{asks}</zeebe:taskListeners>{named}")
    task = f'<bpmn:userTask id="look">{inner}</bpmn:userTask>'
    deploy(office.house, office.owner, [line("listened", task)])
    create(office.house, office.owner, CreateInstance(process_id="listened"))

    created, assigned = answer(office), answer(office)
    assert (created.listener_event_type, assigned.listener_event_type) == ("CREATING", "ASSIGNING")
    for given, changed in ((created, None), (assigned, '["assignee"]')):
        assert given.headers["io.camunda.zeebe:assignee"] == "lina"
        assert given.headers.get("io.camunda.zeebe:changedAttributes") == changed
        assert "io.camunda.zeebe:action" not in given.headers
    assert (the_task(office).state, the_task(office).assignee) == ("CREATED", "lina")


def test_a_creation_that_corrects_nothing_opens_the_task_to_its_candidates(office: Office) -> None:
    """As if there were no listener."""
    start(office, "creating")
    answer(office)

    assert [row.name for row in office.rows(tasks.user_task_candidates)] == ["quality"]
    assert user_tasks.claim(office.house, office.inspector, the_task(office).key) is None


def test_a_completion_waits_for_its_listener_who_sees_what_it_brings(office: Office) -> None:
    """Headers tell of the task; the values are written and the process goes on afterwards."""
    start(office, "completing")
    key = the_task(office).key
    user_tasks.claim(office.house, office.inspector, key)
    done = user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    assert done.change_key is not None
    assert (the_task(office).state, outcome(office.house, done.change_key)) == ("COMPLETING", None)

    given = answer(office, TaskListenerResult({"priority": 7}))
    assert given.variables["opinion"] == "同意"
    assert given.headers["io.camunda.zeebe:assignee"] == "lina"
    assert given.headers["io.camunda.zeebe:action"] == "complete"
    assert given.headers["io.camunda.zeebe:changedAttributes"] == '["variables"]'
    assert given.user_task is not None
    assert given.user_task["userTaskKey"] == str(key)
    assert outcome(office.house, done.change_key) is True
    row = the_task(office)
    assert (row.state, row.completed_by, row.priority) == ("COMPLETED", "lina", 7)
    (variable,) = office.rows(instances.variables, instances.variables.c.name == "opinion")
    assert variable.value == '"同意"'
    assert [row.state for row in office.rows(instances.process_instances)] == ["COMPLETED"]


def test_a_denied_command_changes_nothing_and_says_why(office: Office) -> None:
    """The task takes commands again; the history keeps the denial."""
    start(office, "completing")
    key = the_task(office).key
    user_tasks.claim(office.house, office.inspector, key)
    done = user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    answer(office, TaskListenerResult(is_denied=True, denied_reason="附件缺失"))

    assert done.change_key is not None
    with pytest.raises(WrongStateError, match="附件缺失"):
        outcome(office.house, done.change_key)
    assert (the_task(office).state, the_task(office).assignee) == ("CREATED", "lina")
    assert office.rows(instances.variables, instances.variables.c.name == "opinion") == []
    (denied,) = office.rows(cases.events, cases.events.c.kind == "user_task.denied")
    assert (denied.who, denied.detail["reason"]) == ("lina", "附件缺失")
    again = user_tasks.complete(office.house, office.inspector, key, {})
    answer(office)
    assert again.change_key is not None
    assert outcome(office.house, again.change_key) is True


def test_an_assignment_may_be_corrected(office: Office) -> None:
    """Somebody else gets it; the attributes that change are named."""
    start(office, "assigning")
    key = the_task(office).key
    change_key = user_tasks.claim(office.house, office.inspector, key)
    given = answer(office, TaskListenerResult({"assignee": "zhaolei"}))

    assert given.headers["io.camunda.zeebe:changedAttributes"] == '["assignee"]'
    assert (the_task(office).state, the_task(office).assignee) == ("CREATED", "zhaolei")
    assert change_key is not None
    assert outcome(office.house, change_key) is True
    assert [row.is_free for row in office.rows(tasks.user_task_candidates)] == [False]


def test_an_update_is_carried_out_afterwards(office: Office) -> None:
    """In the name of whoever asked for it."""
    start(office, "updating")
    key = the_task(office).key
    user_tasks.claim(office.house, office.inspector, key)
    at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    user_tasks.update(office.house, office.inspector, key, UserTaskChanges({"follow_up_at": at}))
    assert the_task(office).state == "UPDATING"
    answer(office, TaskListenerResult({"due_at": "2026-12-02T08:00:00+00:00"}))

    row = the_task(office)
    assert (row.state, row.follow_up_at) == ("CREATED", at)
    assert row.due_at == at + timedelta(days=1)
    assert office.rows(tasks.task_clocks, tasks.task_clocks.c.state == "OPEN")
    (event,) = office.rows(cases.events, cases.events.c.kind == "user_task.updated")
    assert event.who == "lina"


def test_each_listener_is_told_what_differs_by_now(office: Office) -> None:
    """The lists by the names Camunda's workers know; what was corrected back is no change."""
    start(office, "updating", "updating", "updating")
    wanted = UserTaskChanges({"candidate_users": ["lina"], "priority": 70})
    admin = person("guanli", roles=frozenset({"admin"}))
    user_tasks.update(office.house, admin, the_task(office).key, wanted)
    first = answer(office, TaskListenerResult({"priority": 50}))
    second = answer(office, TaskListenerResult({"candidate_groups": ["inspectors"]}))
    third = answer(office)

    told = [
        given.user_task["changedAttributes"] for given in (first, second, third) if given.user_task
    ]
    assert told == [
        ["candidateUsersList", "priority"],
        ["candidateUsersList"],
        ["candidateGroupsList", "candidateUsersList"],
    ]
    changed = "io.camunda.zeebe:changedAttributes"
    assert second.headers[changed] == '["candidateUsersList"]'
    assert second.headers["io.camunda.zeebe:candidateUsers"] == '["lina"]'


def test_cancelling_waits_for_the_canceling_listener(office: Office) -> None:
    """A completion under way is off; the instance ends with the answer."""
    key = start(office, "completing", "canceling")
    task_key = the_task(office).key
    user_tasks.claim(office.house, office.inspector, task_key)
    done = user_tasks.complete(office.house, office.inspector, task_key, {})
    process_instances.cancel(office.house, office.operator, key)
    assert [row.state for row in office.rows(instances.process_instances)] == ["ACTIVE"]
    assert the_task(office).state == "CANCELING"

    given = answer(office)
    assert given.listener_event_type == "CANCELING"
    assert the_task(office).state == "CANCELED"
    assert [row.state for row in office.rows(instances.process_instances)] == ["TERMINATED"]
    assert done.change_key is not None
    with pytest.raises(WrongStateError, match="canceled"):
        outcome(office.house, done.change_key)


def test_a_listener_that_failed_too_often_is_an_incident_of_its_own(office: Office) -> None:
    """And what it may not say is refused."""
    start(office, "creating")
    given = asked(office)
    denied = TaskListenerResult(is_denied=True)
    with pytest.raises(BadInputError):
        jobs.complete(office.house, office.operator, given.key, {}, result=denied)
    jobs.fail(office.house, office.operator, given.key, 0, "broken")

    assert [row.error_type for row in office.rows(instances.incidents)] == [
        "TASK_LISTENER_NO_RETRIES"
    ]


def test_with_the_change_goes_the_incident_of_its_listener(office: Office) -> None:
    """Nobody is asked any more what the failed listener was; its job is never given out again."""
    key = start(office, "updating", "canceling")
    admin = person("guanli", roles=frozenset({"admin"}))
    user_tasks.update(office.house, admin, the_task(office).key, UserTaskChanges())
    jobs.fail(office.house, office.operator, asked(office).key, 0, "broken")
    process_instances.cancel(office.house, office.operator, key)

    (incident,) = office.rows(instances.incidents)
    assert incident.state == "RESOLVED"
    assert [row.has_incident for row in office.rows(instances.process_instances)] == [False]
    table = instances.jobs
    (failed,) = office.rows(table, table.c.listener_event_type == "UPDATING")
    assert failed.state == "CANCELED"
    answer(office)
    assert [row.state for row in office.rows(instances.process_instances)] == ["TERMINATED"]


def test_a_caller_hears_an_error_when_the_canceling_listeners_have_answered(office: Office) -> None:
    """The task of the called process hears first that it is canceled."""
    listener = '<zeebe:taskListener eventType="canceling" type="ask" />'
    look = user_task("look", f"<zeebe:taskListeners>{listener}</zeebe:taskListeners>")
    failed = f'<bpmn:endEvent id="failed">{caught("error")}</bpmn:endEvent>'
    error = '<bpmn:error id="error" errorCode="E" />'
    fork = '<bpmn:parallelGateway id="fork" />'
    beside = look + flow("fork", "look")
    child = line("child", fork, job("go", "go"), end=failed, beside=beside, definitions=error)
    parent = line(
        "parent",
        call("ask_child", "child"),
        beside=boundary("ask_child", caught("error")),
        definitions=error,
    )
    deploy(office.house, office.owner, [child, parent])
    create(office.house, office.owner, CreateInstance(process_id="parent"))
    (given,) = job_activation.activate(
        office.house, office.operator, ActivateJobs("go", "w", timedelta(minutes=1), 10)
    )
    jobs.complete(office.house, office.operator, given.key, {})
    assert [(row.element_id, row.state) for row in office.rows(tasks.user_tasks)] == [
        ("look", "CANCELING")
    ]

    answer(office)
    states = {row.process_id: row.state for row in office.rows(instances.process_instances)}
    assert states == {"child": "TERMINATED", "parent": "ACTIVE"}
    assert [row.element_id for row in office.rows(tasks.user_tasks) if row.state == "CREATED"] == [
        "ask_child_mended"
    ]


def test_a_caller_waits_for_what_its_called_process_still_asks(office: Office) -> None:
    """Cancelled, it ends with the last answer, at any depth; a call that is interrupted likewise."""
    listener = '<zeebe:taskListener eventType="canceling" type="ask" />'
    look = user_task("look", f"<zeebe:taskListeners>{listener}</zeebe:taskListeners>")
    files = [
        line("inner", look),
        line("middle", call("go", "inner")),
        line("outer", call("go", "middle")),
    ]
    deploy(office.house, office.owner, files)
    key = create(office.house, office.owner, CreateInstance(process_id="outer")).key
    process_instances.cancel(office.house, office.operator, key)
    table = instances.process_instances
    assert {row.state for row in office.rows(table)} == {"ACTIVE"}

    answer(office)
    assert [row.state for row in office.rows(table)] == ["TERMINATED"] * 3
    assert the_task(office).state == "CANCELED"
