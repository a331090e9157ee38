"""Process instances: case numbers, rights, cancelling, variables."""

import pytest

from service.domain.errors import NotAllowedError, NotFoundError
from service.persistence.tables import cases, instances, tasks
from service.usecases import process_instances, suspension
from service.usecases.execution.execution import Execution
from service.usecases.process_instances import CreateInstance
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, mend, started


def test_case_numbers_count_up_a_day_and_channel(office: Office, clock: FakeClock) -> None:
    """`{YYYYMMDD}-{channel}-{NNN}`, restarting each Shanghai day and for each channel (XC-NO-2)."""
    numbers = [
        office.start().case_no,
        office.start().case_no,
        office.start({"channel": "EML"}).case_no,
    ]
    clock.advance(hours=13, minutes=59)
    before_midnight = office.start().case_no
    clock.advance(minutes=1)
    after_midnight = office.start().case_no
    assert numbers == ["20261124-TEL-001", "20261124-TEL-002", "20261124-EML-001"]
    assert (before_midnight, after_midnight) == ("20261124-TEL-003", "20261125-TEL-001")


def test_a_case_shows_its_title_and_facts(office: Office) -> None:
    """The process's properties say what stands in the list (docs/dialect.md §2)."""
    office.start()
    (case,) = office.rows(cases.cases)
    assert case.title == "审批 换货"
    assert case.facts == {"subject": "换货", "amount": 10}


def test_only_the_named_groups_may_start(office: Office) -> None:
    """`startGroups` names 客服; others are refused (FB-P1)."""
    with pytest.raises(NotAllowedError):
        process_instances.create(
            office.house, office.stranger, CreateInstance(process_id="approval")
        )
    assert office.rows(instances.process_instances) == []


def test_an_unknown_process_or_version_is_not_found(office: Office) -> None:
    """By id, version or key."""
    for command in (
        CreateInstance(process_id="nothing"),
        CreateInstance(process_id="approval", version=9),
        CreateInstance(process_key=5),
    ):
        with pytest.raises(NotFoundError):
            process_instances.create(office.house, office.owner, command)


def test_canceling_ends_tasks_clocks_and_case(office: Office) -> None:
    """Nothing of a canceled instance stays in an inbox; its history stays."""
    created = office.start()
    process_instances.cancel(office.house, office.operator, created.key, "重复登记")
    (instance,) = office.rows(instances.process_instances)
    (case,) = office.rows(cases.cases)
    assert (instance.state, case.state) == ("TERMINATED", "CANCELED")
    assert office.task("check_request", "CANCELED").completed_by is None
    assert office.rows(tasks.user_task_candidates) == []
    assert office.rows(tasks.task_clocks) == []


def test_what_has_ended_is_operated_no_more(office: Office) -> None:
    """An ended instance is none that could be cancelled, as in Camunda 8; staff may not cancel."""
    created = office.start()
    with pytest.raises(NotAllowedError):
        process_instances.cancel(office.house, office.clerk, created.key)
    process_instances.cancel(office.house, office.operator, created.key)
    for late in (
        lambda: process_instances.cancel(office.house, office.operator, created.key),
        lambda: process_instances.set_variables(
            office.house, office.operator, created.key, {"a": 1}, local=False
        ),
        lambda: suspension.suspend(office.house, office.operator, created.key),
        lambda: suspension.resume(office.house, office.operator, created.key),
    ):
        with pytest.raises(NotFoundError, match="has ended"):
            late()


def test_variables_are_set_where_they_live(office: Office) -> None:
    """A propagating write reaches the root; the history keeps before and after."""
    created = office.start()
    task = office.task("check_request")
    process_instances.set_variables(
        office.house, office.operator, task.element_instance_key, {"amount": 99}, False
    )
    table = instances.variables
    (row,) = office.rows(table, table.c.name == "amount")
    (event,) = office.rows(cases.events, cases.events.c.kind == "variables.set")
    assert (row.scope_key, row.value) == (created.key, "99")
    assert (event.before, event.after) == ({"amount": 10}, {"amount": 99})


def test_a_local_write_tells_what_stood_right_there(office: Office) -> None:
    """What the root has of that name is not what was changed; a later write walks no farther than it."""
    office.start()
    scope_key = office.task("check_request").element_instance_key

    for value, is_local in ((1, True), (2, False), (3, True)):
        process_instances.set_variables(
            office.house, office.operator, scope_key, {"amount": value}, is_local
        )

    told = office.rows(cases.events, cases.events.c.kind == "variables.set")
    assert [(event.before, event.after) for event in sorted(told, key=lambda e: int(e.key))] == [
        ({"amount": None}, {"amount": 1}),
        ({"amount": 1}, {"amount": 2}),
        ({"amount": 2}, {"amount": 3}),
    ]


def test_a_scope_that_is_over_takes_no_variables(office: Office) -> None:
    """It is there no more: not found."""
    deployed(office, drawing.line("two", drawing.user_task("ask"), drawing.user_task("after")))
    started(office, "two")
    over = office.task("ask").element_instance_key
    finish(office, "ask")

    with pytest.raises(NotFoundError):
        mend(office, over, amount=1)


def test_the_moment_of_a_command_is_that_at_which_it_has_its_instance(
    office: Office, clock: FakeClock
) -> None:
    """What it has waited for may have begun meanwhile: nothing ends before it began."""
    key = office.start().key
    with office.house.database.unit(office.house.outside) as unit:
        execution = Execution(office.house, unit, office.operator)
        clock.advance(seconds=1)
        execution.load_live(key)
        assert unit.now == clock.now()


def test_no_variable_is_kept_of_an_instance_of_a_loop_that_never_began(office: Office) -> None:
    """The first one meets the completion condition at once; the others have their counters, but no row."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1, 2, 3]" />'
        "</bpmn:extensionElements>"
        "<bpmn:completionCondition>=numberOfCompletedInstances = 1</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    deployed(office, drawing.line("early", f'<bpmn:task id="work">{loop}</bpmn:task>'))
    key = started(office, "early")
    elements, variables = instances.element_instances, instances.variables
    begun = {row.key for row in office.rows(elements, elements.c.instance_key == key)}
    scopes = {row.scope_key for row in office.rows(variables, variables.c.instance_key == key)}
    assert scopes
    assert scopes <= begun
