"""Modification of a running instance: its rows follow, all or nothing."""

import pytest

from service.domain.errors import (
    BadInputError,
    NotAllowedError,
    NotFoundError,
    WrongStateError,
)
from service.engine import Activate, Modification, Move, ScopedVariables
from service.persistence.tables import cases, instances
from service.usecases import modification, process_instances, suspension
from service.usecases.attempts import REFUSED
from service.usecases.deployments import DeployFile
from tests.engine.blocks import Sequence
from tests.engine.leaves import Activity, Throw
from tests.engine.parts import Call, Inside, Whole
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import (
    active_incidents,
    children,
    deployed,
    instance,
    open_tasks,
    started,
    state,
    values,
)

TWO = (drawing.user_task("ask"), drawing.user_task("check"))


def modify(office: Office, key: int, **what: object) -> None:
    """Modify as the operator."""
    change = Modification(**what)  # type: ignore[arg-type]
    modification.modify(office.house, office.operator, key, change)


def test_a_moved_token_cancels_one_task_and_opens_the_other(office: Office) -> None:
    """With variables set first; the history says what was done by whom, not the values."""
    deployed(office, drawing.line("plain", *TWO))
    key = started(office, "plain")
    given = (ScopedVariables({"amount": 7}),)
    modify(office, key, move=(Move("ask", "check", given),))
    assert (open_tasks(office), office.task("ask", "CANCELED").state) == (["check"], "CANCELED")
    assert values(office, key)["amount"] == 7
    (told,) = office.rows(cases.events, cases.events.c.kind == "instance.modified")
    assert (told.who, told.detail["move"], told.detail["variables"]) == (
        "yunwei",
        [["ask", "check"]],
        ["amount"],
    )


def test_moving_off_an_incident_ends_the_incident(office: Office) -> None:
    """The instance is marked no more."""
    deployed(office, drawing.line("numbering", drawing.job("n", "huiyin:next-number"), TWO[0]))
    key = started(office, "numbering")
    assert instance(office, key).has_incident is True
    modify(office, key, move=(Move("n", "ask"),))
    assert (active_incidents(office), instance(office, key).has_incident) == ([], False)
    assert open_tasks(office) == ["ask"]


def test_terminating_everything_ends_the_instance(office: Office) -> None:
    """Its state is TERMINATED."""
    deployed(office, drawing.line("plain", *TWO))
    key = started(office, "plain")
    modify(office, key, terminate=("ask",))
    assert state(office, key) == "TERMINATED"


def test_a_called_instance_is_not_ended_this_way(office: Office) -> None:
    """Refused; its call activity is terminated instead, and it ends with that."""
    caller = drawing.line("caller", drawing.call("sub", "child"), TWO[0])
    deployed(office, drawing.line("child", drawing.user_task("inside")), caller)
    key = started(office, "caller")
    (child,) = children(office, key)
    with pytest.raises(BadInputError, match="terminate the call activity"):
        modify(office, child.key, terminate=("inside",))
    assert open_tasks(office) == ["inside"]
    modify(office, key, move=(Move("sub", "ask"),))
    assert (open_tasks(office), state(office, child.key)) == (["ask"], "TERMINATED")


def test_a_called_instance_whose_listeners_would_hear_its_end_is_not_ended_this_way(
    office: Office,
) -> None:
    """It would end with their answer, and its caller never hear of it: nobody has called it off."""
    called = Call(Inside([(Activity("user"), Throw())]), listeners=(0, 0, 1))
    whole = Whole(Inside([(called, Throw())]))
    deployed(office, DeployFile("called.bpmn", whole.file()))
    (child,) = children(office, started(office, "process"))
    (inside,) = open_tasks(office)
    with pytest.raises(BadInputError, match="terminate the call activity"):
        modify(office, child.key, terminate=(inside,))
    assert (open_tasks(office), state(office, child.key)) == ([inside], "ACTIVE")


def test_what_a_moved_call_has_called_ends_without_asking_anybody(office: Office) -> None:
    """Neither its task listeners nor its own: Camunda 8 terminates it as what was moved."""
    asked = Activity("user", asked={"canceling": 1})
    called = Call(Inside([(asked, Throw())]), listeners=(0, 0, 1))
    whole = Whole(Inside([(Sequence([called, Activity("user")]), Throw())]))
    deployed(office, DeployFile("called.bpmn", whole.file()))
    key = started(office, "process")
    (child,) = children(office, key)
    modify(office, key, move=(Move(called.name, called.name),))

    assert state(office, child.key) == "TERMINATED"
    jobs = office.rows(instances.jobs, instances.jobs.c.ended_at.is_(None))
    assert (len(children(office, key)), jobs) == (2, [])


def test_a_refused_instruction_leaves_all_as_it_was(office: Office) -> None:
    """Nothing is written, not even the variables; only operators; nothing that has ended."""
    deployed(office, drawing.line("plain", *TWO))
    key = started(office, "plain")
    given = (ScopedVariables({"amount": 7}),)
    with pytest.raises(BadInputError):
        modify(office, key, activate=(Activate("check", given),), terminate=("nowhere",))
    assert (open_tasks(office), "amount" in values(office, key)) == (["ask"], False)
    change = Modification(terminate=("ask",))
    with pytest.raises(NotAllowedError):
        modification.modify(office.house, office.clerk, key, change)
    process_instances.cancel(office.house, office.operator, key)
    with pytest.raises(NotFoundError):
        modify(office, key, activate=(Activate("check"),))


def test_a_suspended_instance_is_not_modified_until_it_is_resumed(office: Office) -> None:
    """Refused, as in Camunda 8.10, and told in the history; nothing is opened or ended meanwhile."""
    deployed(office, drawing.line("plain", *TWO))
    key = started(office, "plain")
    suspension.suspend(office.house, office.operator, key)
    with pytest.raises(WrongStateError, match="it is SUSPENDED"):
        modify(office, key, move=(Move("ask", "check"),))
    assert (open_tasks(office), state(office, key)) == (["ask"], "SUSPENDED")
    (refused,) = office.rows(cases.events, cases.events.c.kind == REFUSED)
    assert (refused.instance_key, refused.detail["operation"]) == (key, "MODIFY")

    suspension.resume(office.house, office.operator, key)
    modify(office, key, move=(Move("ask", "check"),))
    assert open_tasks(office) == ["check"]
