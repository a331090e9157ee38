"""Incidents: one element waits for the operator, the rest goes on; resolving repeats what failed."""

from typing import Any

import pytest

from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.persistence.tables import cases, instances, tasks
from service.usecases import incidents, jobs, process_instances
from service.usecases.deployments import DeployFile
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
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

DECISION = DeployFile(
    "grade.dmn",
    b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="g" name="g" namespace="t">
    <decision id="grade" name="grade"><variable name="grade" />
    <literalExpression><text>amount * 2</text></literalExpression></decision></definitions>""",
)
SLIP = DeployFile("slip.form", b'{"id": "slip", "type": "default", "components": []}')


def choosing(office: Office, **variables: object) -> int:
    """Start a process with a gateway that asks whether `amount` is above 100."""
    gateway = '<bpmn:exclusiveGateway id="is_large" default="is_large_to_small" />'
    beside = drawing.user_task("large") + '<bpmn:endEvent id="over" />'
    beside += drawing.flow("is_large", "large", "amount &gt; 100") + drawing.flow("large", "over")
    deployed(office, drawing.line("choosing", gateway, drawing.user_task("small"), beside=beside))
    return started(office, "choosing", **variables)


def test_a_condition_that_gives_no_boolean_waits_for_the_operator(office: Office) -> None:
    """The incident names the gateway in Chinese, the instance is marked, the history has it."""
    key = choosing(office, amount="many")
    found = incident(office)
    (event,) = office.rows(cases.events, cases.events.c.kind == "incident.raised")
    assert (found.element_id, found.error_type) == ("is_large", "EXTRACT_VALUE_ERROR")
    assert any("一" <= letter <= "鿿" for letter in found.message)
    assert (instance(office, key).has_incident, open_tasks(office)) == (True, [])
    assert event.detail["incident_key"] == str(found.key)


def test_resolving_after_the_cause_was_mended_goes_on(office: Office) -> None:
    """The gateway is asked again; who resolved it and when is kept."""
    key = choosing(office, amount="many")
    first = incident(office).key
    mend(office, key, amount=101)
    resolve(office)
    (row,) = office.rows(instances.incidents)
    assert (open_tasks(office), instance(office, key).has_incident) == (["large"], False)
    assert (row.key, row.state, row.resolved_by) == (first, "RESOLVED", "yunwei")


def test_resolving_what_fails_again_raises_a_new_incident(office: Office) -> None:
    """The first is resolved, another with a key of its own waits; the first cannot be resolved twice."""
    key = choosing(office, amount="many")
    first = incident(office).key
    resolve(office)
    assert incident(office).key != first
    assert instance(office, key).has_incident is True
    with pytest.raises(NotFoundError):
        incidents.resolve(office.house, office.operator, first)


def test_only_operators_resolve(office: Office) -> None:
    """Staff are refused and nothing changes."""
    choosing(office, amount="many")
    with pytest.raises(NotAllowedError):
        incidents.resolve(office.house, office.clerk, incident(office).key)
    with pytest.raises(NotFoundError):
        incidents.resolve(office.house, office.operator, 5)
    assert incident(office).resolved_by is None


def decided() -> str:
    """Return a business rule task whose decision is named by a variable."""
    inner = drawing.extension(
        '<zeebe:calledDecision decisionId="=which" resultVariable="result" />'
    )
    return f'<bpmn:businessRuleTask id="decide">{inner}</bpmn:businessRuleTask>'


def test_a_missing_decision_is_evaluated_once_it_is_deployed(office: Office) -> None:
    """Deployed after the instance came there; resolving finds it."""
    deployed(office, drawing.line("deciding", decided(), drawing.user_task("after")))
    key = started(office, "deciding", which="grade", amount=21)
    found = incident(office)
    assert (found.error_type, "grade" in found.message) == ("CALLED_DECISION_ERROR", True)

    deployed(office, DECISION)
    resolve(office)
    assert (values(office, key)["result"], open_tasks(office)) == (42, ["after"])


def test_a_missing_called_process_is_called_once_it_is_deployed(office: Office) -> None:
    """The process is named by a variable that the operator may also mend."""
    deployed(office, drawing.line("calling", drawing.call("sub", "=which")))
    key = started(office, "calling", which="child")
    assert incident(office).error_type == "CALLED_ELEMENT_ERROR"

    deployed(office, drawing.line("other_child", drawing.user_task("inside")))
    mend(office, key, which="other_child")
    resolve(office)
    assert (open_tasks(office), active_incidents(office)) == (["inside"], [])


def test_a_missing_form_opens_its_task_once_it_is_deployed(office: Office) -> None:
    """Deployed in the wrong order: the task comes into the inbox when the form is there."""
    form = '<zeebe:formDefinition formId="=which" />'
    deployed(office, drawing.line("asking", drawing.user_task("ask", form)))
    started(office, "asking", which="slip")
    assert (incident(office).error_type, open_tasks(office)) == ("FORM_NOT_FOUND", [])

    deployed(office, SLIP)
    resolve(office)
    (task,) = office.rows(tasks.user_tasks)
    assert (task.element_id, task.form_key is None) == ("ask", False)


def test_the_other_branch_goes_on_beside_an_incident(office: Office) -> None:
    """Completing a task elsewhere neither resolves nor repeats it."""
    beside = drawing.user_task("other") + '<bpmn:endEvent id="over" />'
    beside += drawing.flow("fork", "other") + drawing.flow("other", "over")
    fork = '<bpmn:parallelGateway id="fork" />'
    deployed(office, drawing.line("forking", fork, decided(), beside=beside))
    key = started(office, "forking", which="nothing")
    first = incident(office).key
    finish(office, "other")
    assert (incident(office).key, state(office, key)) == (first, "ACTIVE")


def test_two_incidents_of_an_instance_are_resolved_one_by_one(office: Office) -> None:
    """The instance stays marked until the last one is resolved."""
    number = drawing.job("number_it", "huiyin:next-number")
    beside = number + '<bpmn:endEvent id="over" />'
    beside += drawing.flow("fork", "number_it") + drawing.flow("number_it", "over")
    fork = '<bpmn:parallelGateway id="fork" />'
    deployed(office, DECISION, drawing.line("forking", fork, decided(), beside=beside))
    key = started(office, "forking", amount=1)
    mend(office, key, which="grade", code="HB")
    first, second = (row.key for row in active_incidents(office))
    incidents.resolve(office.house, office.operator, first)
    assert instance(office, key).has_incident is True
    incidents.resolve(office.house, office.operator, second)
    assert (state(office, key), instance(office, key).has_incident) == ("COMPLETED", False)


def test_an_incident_of_an_ended_instance_is_over(office: Office) -> None:
    """Cancelling resolves it; resolving it then is not found."""
    key = choosing(office, amount="many")
    found = incident(office).key
    process_instances.cancel(office.house, office.operator, key)
    assert active_incidents(office) == []
    with pytest.raises(NotFoundError):
        incidents.resolve(office.house, office.operator, found)


def test_an_uncaught_error_of_a_job_can_be_tried_again(office: Office) -> None:
    """The job is there again and can be completed."""
    deployed(office, drawing.line("working", drawing.job("work", "book")))
    key = started(office, "working")
    (job,) = office.rows(instances.jobs)
    jobs.throw_error(office.house, office.operator, job.key, "no_account")
    resolve(office)
    jobs.complete(office.house, office.operator, job.key, {})
    assert state(office, key) == "COMPLETED"


def test_an_output_mapping_that_fails_is_repeated_and_its_task_is_not(office: Office) -> None:
    """What somebody has completed stays completed; only the mapping is tried again."""
    more = drawing.mapping(outputs=(("assert(total, total != null)", "sum"),))
    deployed(
        office,
        drawing.line("mapping", drawing.user_task("ask", more), drawing.user_task("after")),
    )
    key = started(office, "mapping")
    finish(office, "ask")
    assert (incident(office).error_type, open_tasks(office)) == ("IO_MAPPING_ERROR", [])
    mend(office, key, total=5)
    resolve(office)
    assert (values(office, key)["sum"], open_tasks(office)) == (5, ["after"])


FAILING: dict[str, tuple[str, str, dict[str, Any], dict[str, Any] | None]] = {
    "condition": (
        '<bpmn:exclusiveGateway id="at" />'
        + drawing.user_task("big")
        + drawing.flow("start", "at")
        + drawing.flow("at", "big", "n &gt; 100"),
        "CONDITION_ERROR",
        {"n": 1},
        {"n": 101},
    ),
    "mapping": (
        drawing.user_task("at", drawing.mapping(("assert(n, n > 100)", "m")))
        + drawing.flow("start", "at"),
        "IO_MAPPING_ERROR",
        {"n": 1},
        {"n": 101},
    ),
    "expression": (
        '<bpmn:intermediateCatchEvent id="at">'
        + drawing.timer("=n")
        + "</bpmn:intermediateCatchEvent>"
        + drawing.flow("start", "at"),
        "EXTRACT_VALUE_ERROR",
        {"n": "soon"},
        {"n": "PT1H"},
    ),
    "uncaught": (
        '<bpmn:endEvent id="at"><bpmn:errorEventDefinition errorRef="broken" /></bpmn:endEvent>'
        + drawing.flow("start", "at"),
        "UNHANDLED_ERROR_EVENT",
        {},
        None,
    ),
}
"""What stops an element -> diagram, type, variables that stop it, and those that mend it (None: nothing)."""


@pytest.mark.parametrize("cause", FAILING)
def test_whatever_fails_is_an_incident_and_a_retry_says_whether_it_passed(
    office: Office, cause: str
) -> None:
    """Never a lost instance: it waits, fails again under a new key, goes on when it is mended."""
    process, error_type, stops, mends = FAILING[cause]
    definitions = drawing.errors("broken") if cause == "uncaught" else ""
    plain = drawing.PLAIN_START
    deployed(office, drawing.file("failing", plain + process, definitions))
    key = started(office, "failing", **stops)
    first = incident(office)
    assert (first.error_type, first.element_id, state(office, key)) == (error_type, "at", "ACTIVE")

    again = incidents.resolve(office.house, office.operator, first.key)
    assert again == incident(office).key
    assert again not in (None, first.key)
    if mends is None:
        return
    mend(office, key, **mends)
    assert incidents.resolve(office.house, office.operator, again) is None
    assert (active_incidents(office), instance(office, key).has_incident) == ([], False)


def test_a_run_in_a_circle_is_an_incident_that_goes_on_when_it_is_resolved(office: Office) -> None:
    """The step limit stops it; nothing is lost, each resolution runs on."""
    script = '<zeebe:script expression="=i + 1" resultVariable="i" />'
    count = f'<bpmn:scriptTask id="count">{drawing.extension(script)}</bpmn:scriptTask>'
    gateway = '<bpmn:exclusiveGateway id="again" default="again_to_after" />'
    process = drawing.PLAIN_START + count + gateway + drawing.user_task("after")
    process += drawing.flow("start", "count") + drawing.flow("count", "again")
    process += drawing.flow("again", "count", "i &lt; 600") + drawing.flow("again", "after")
    deployed(office, drawing.file("circle", process))
    key = started(office, "circle", i=0)
    assert (incident(office).error_type, state(office, key)) == ("UNKNOWN", "ACTIVE")
    resolve(office)
    assert (open_tasks(office), active_incidents(office)) == (["after"], [])


def test_a_failed_job_without_retries_is_an_incident_until_it_gets_one(office: Office) -> None:
    """Resolving is refused before; afterwards nobody knows yet whether the worker will succeed."""
    deployed(office, drawing.line("working", drawing.job("do_it", "work")))
    key = started(office, "working")
    (row,) = office.rows(instances.jobs)
    jobs.fail(office.house, office.operator, row.key, retries=0, message="No connection")
    found = incident(office)
    assert (found.error_type, found.message) == ("JOB_NO_RETRIES", "No connection")
    with pytest.raises(WrongStateError) as refused:
        incidents.resolve(office.house, office.operator, found.key)
    assert refused.value.facts["reason"] == "no_retries"
    jobs.update(office.house, office.operator, row.key, retries=1)
    assert incidents.resolve(office.house, office.operator, found.key) is None
    jobs.complete(office.house, office.operator, row.key, {})
    assert state(office, key) == "COMPLETED"


def test_a_house_job_says_in_two_languages_what_it_lacks(office: Office) -> None:
    """Chinese like all incidents, English beside it."""
    deployed(office, drawing.line("numbering", drawing.job("n", "huiyin:next-number")))
    started(office, "numbering")
    found = incident(office)
    assert "应为非空文本，实际为 空值" in found.message
    assert found.english is not None
    assert "to be a text" in found.english
