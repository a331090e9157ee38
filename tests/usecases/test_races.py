"""Commands that meet on a real PostgreSQL: one is held just before its commit while the other begins."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from service import engine
from service.domain.jobs import DELIVER_MAIL
from service.identity import Person
from service.persistence.database import Database
from service.persistence.tables import cases, instances, tasks
from service.usecases import (
    attachments,
    clocks,
    messages,
    outbox,
    sweeps,
    user_tasks,
)
from service.usecases.attachments import UNBOUND_FOR
from service.usecases.clock_marks import end_clocks
from service.usecases.deployment_rows import store
from service.usecases.deployments import check_parse, deploy
from service.usecases.execution import task_state
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.messages import PublishMessage
from service.usecases.process_instances import CreateInstance, create
from service.usecases.transaction import transact
from tests.fakes import FakeClock
from tests.persistence.postgresql import migrated_database
from tests.usecases import drawing
from tests.usecases.conftest import Office, shipped
from tests.usecases.looking import finish, values

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.usefixtures("audited")]

PATIENCE_S = 10
GO = PublishMessage("go", "t1", time_to_live=timedelta(hours=1))
WAIT = CreateInstance(process_id="waiter", variables={"token": "t1"})


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of these tests on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


@pytest.fixture
def waiting_room(office: Office) -> Office:
    """Return the office with the processes that wait for messages."""
    deploy(office.house, office.owner, shipped("meanwhile.bpmn"))
    return office


def meet(
    house: House, who: Person, first: Callable[[Execution], Any], second: Callable[[], Any]
) -> Any:
    """Run `first` up to its commit, then `second` until it is done or waits, then both to their ends.

    Returns what `second` returns.
    """
    with ThreadPoolExecutor(1) as pool:
        with house.database.unit(house.outside) as unit:
            execution = Execution(house, unit, who)
            first(execution)
            execution.finish()
            unit.flush()
            other = pool.submit(second)
            wait_for(house.database, other)
            unit.commit()
        return other.result(PATIENCE_S)


def wait_for(database: Database, other: Future[Any]) -> None:
    """Return when the other command is done or waits for a lock."""
    until = time.monotonic() + PATIENCE_S
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while time.monotonic() < until and not other.done():
        with database.reading() as connection:
            if connection.execute(query).scalar_one():
                return
        time.sleep(0.01)


def states(office: Office) -> list[str]:
    """Return the states of all instances, oldest first."""
    rows = office.rows(instances.process_instances)
    return [row.state for row in sorted(rows, key=lambda row: row.key)]


def test_a_message_and_its_subscription_side_by_side_find_each_other(waiting_room: Office) -> None:
    """Published while the instance reaches its catch event: it is not buffered past it."""
    house, operator, owner = waiting_room.house, waiting_room.operator, waiting_room.owner
    meet(
        house,
        operator,
        lambda execution: execution.publish(GO),
        lambda: create(house, owner, WAIT),
    )
    assert states(waiting_room) == ["COMPLETED"]


def test_a_subscription_and_its_message_side_by_side_find_each_other(waiting_room: Office) -> None:
    """The same, when the instance is the first of the two."""
    house, operator, owner = waiting_room.house, waiting_room.operator, waiting_room.owner

    def begin(execution: Execution) -> None:
        process = house.definitions.latest_process(execution.unit.connection, "waiter")
        assert process is not None
        execution.start(process, {"token": "t1"})

    meet(house, owner, begin, lambda: messages.publish(house, operator, GO))
    assert states(waiting_room) == ["COMPLETED"]


def test_two_messages_for_one_subscription_take_one_each(waiting_room: Office) -> None:
    """The second finds the first subscription served and reaches the next instance that waits."""
    house, operator, owner = waiting_room.house, waiting_room.operator, waiting_room.owner
    for _ in range(2):
        create(house, owner, WAIT)
    meet(
        house,
        operator,
        lambda execution: execution.publish(GO),
        lambda: messages.publish(house, operator, GO),
    )
    assert states(waiting_room) == ["COMPLETED", "COMPLETED"]


def test_a_message_meets_the_cancelling_of_who_waits_for_it(waiting_room: Office) -> None:
    """It passes to the next instance that waits and is not refused."""
    house, operator, owner = waiting_room.house, waiting_room.operator, waiting_room.owner
    doomed = create(house, owner, WAIT)
    create(house, owner, WAIT)
    meet(
        house,
        operator,
        lambda execution: execution.cancel(execution.load(doomed.key)),
        lambda: messages.publish(house, operator, GO),
    )
    assert states(waiting_room) == ["TERMINATED", "COMPLETED"]


@pytest.mark.parametrize("is_same", [True, False])
def test_two_deployments_of_a_process_give_versions_one_after_the_other(
    office: Office, is_same: bool
) -> None:
    """Two web processes that start together deploy the same files: the second finds them there."""
    first, other = (drawing.line("fresh", drawing.user_task(name)) for name in ("a", "b"))
    second = first if is_same else other

    def store_first(execution: Execution) -> None:
        store(execution.unit, "liucheng", check_parse([first]))

    deployment = meet(
        office.house,
        office.owner,
        store_first,
        lambda: deploy(office.house, office.owner, [second]),
    )
    assert [process.version for process in deployment.processes] == [1 if is_same else 2]


def test_a_file_that_is_bound_while_it_is_swept_stays_whole(
    office: Office, clock: FakeClock
) -> None:
    """The form that names it comes in the moment its day is over."""
    house = office.house
    stored = attachments.store(house, office.clerk, "a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    clock.advance(UNBOUND_FOR)
    named = {"camunda.document.type": "camunda", "documentId": stored.id}

    def bind(execution: Execution) -> None:
        values = {"photo": named}
        attachments.bind(execution.unit, values, case_key=None, instance_key=1, task_key=None)

    meet(house, office.clerk, bind, lambda: sweeps.sweep(house))
    assert len(office.rows(cases.attachments)) == 1
    assert len(office.rows(cases.attachment_contents)) == 1


def test_a_mark_meets_the_moving_of_its_due_date(office: Office, clock: FakeClock) -> None:
    """XC-X-2: nobody is reminded of a date that was just moved."""
    office.start()
    clock.advance(hours=8)
    (mark,) = clocks.claim_due(office.house)
    key = office.task("check_request").key

    def move(execution: Execution) -> None:
        task_state.open_task(execution.unit, key)
        end_clocks(execution.unit, [key])

    assert not meet(office.house, office.owner, move, lambda: clocks.run(office.house, mark))
    assert office.rows(cases.notifications) == []
    assert office.rows(tasks.task_clocks) == []


def test_a_reader_sees_one_moment(office: Office) -> None:
    """What is committed between two of its statements shows in neither."""
    query = select(func.count()).select_from(instances.process_instances)
    with office.house.database.reading() as connection:
        before = connection.execute(query).scalar_one()
        office.start()
        assert connection.execute(query).scalar_one() == before


def test_two_messages_with_one_key_start_one_instance(office: Office) -> None:
    """Camunda 8: one active instance a process and correlation key; the second waits for its end."""
    house, operator = office.house, office.operator
    begun = drawing.line(
        "begun",
        drawing.user_task("work"),
        start=drawing.started_by("begin"),
        definitions=drawing.message("begin"),
    )
    deploy(house, office.owner, [begun])
    command = PublishMessage("begin", "k1", time_to_live=timedelta(hours=1))
    meet(
        house,
        operator,
        lambda execution: execution.publish(command),
        lambda: messages.publish(house, operator, command),
    )
    assert states(office) == ["ACTIVE"]
    finish(office, "work")
    assert states(office) == ["COMPLETED", "ACTIVE"]


def test_a_result_noted_for_a_case_that_ends_meanwhile_is_dropped(office: Office) -> None:
    """`huiyin:case-result`: an ended case keeps what it has, and the one that tells goes on."""
    house = office.house
    target = drawing.line(
        "target", drawing.user_task("work"), properties={"caseNumber": "document:PF"}
    )
    given = drawing.mapping(("told", "case_no"), ("{result: 1}", "variables"))
    teller = drawing.line("teller", drawing.job("tell", "huiyin:case-result", more=given))
    deploy(house, office.owner, [target, teller])
    created = create(house, office.owner, CreateInstance(process_id="target"))
    told = CreateInstance(process_id="teller", variables={"told": created.case_no})
    meet(
        house,
        office.operator,
        lambda execution: execution.cancel(execution.load(created.key)),
        lambda: create(house, office.owner, told),
    )
    assert states(office) == ["TERMINATED", "COMPLETED"]
    assert office.rows(instances.incidents) == []


def test_two_who_sign_in_the_same_moment_end_the_round(office: Office) -> None:
    """XC-CS-2: the second sees what the first has signed, so the round is over after both."""
    house = office.house
    who = (
        "<bpmn:extensionElements><zeebe:userTask /><zeebe:properties>"
        '<zeebe:property name="countersign" value="true" /></zeebe:properties>'
        '<zeebe:assignmentDefinition candidateGroups="=[department]" /></bpmn:extensionElements>'
    )
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=departments" inputElement="department" '
        'outputCollection="opinions" outputElement="=opinion" /></bpmn:extensionElements>'
        "<bpmn:completionCondition>=numberOfCompletedInstances = 2</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    sign = f'<bpmn:userTask id="sign">{who}{loop}</bpmn:userTask>'
    deploy(house, office.owner, [drawing.line("round", sign)])
    departments = {"departments": ["quality", "finance", "cs"]}
    create(house, office.owner, CreateInstance(process_id="round", variables=departments))
    key_of = {row.candidate_groups[0]: row for row in office.rows(tasks.user_tasks)}

    def sign_first(execution: Execution) -> None:
        row = key_of["quality"]
        instance = execution.load(row.instance_key)
        task_state.finish(execution.unit, row, office.inspector, "complete", {})
        execution.step(
            instance,
            lambda process, value, around: engine.complete_user_task(
                process, value, row.element_instance_key, {"opinion": "同意"}, around
            ),
        )

    def sign_second() -> None:
        user_tasks.complete(house, office.stranger, key_of["finance"].key, {"opinion": "不同意"})

    meet(house, office.inspector, sign_first, sign_second)
    assert states(office) == ["COMPLETED"]
    assert {row.state for row in office.rows(tasks.user_tasks)} == {"COMPLETED", "CANCELED"}
    (round_key,) = (row.key for row in office.rows(instances.process_instances))
    assert values(office, round_key)["opinions"] == ["同意", "不同意", None]


def test_pollers_side_by_side_claim_different_rows(office: Office, clock: FakeClock) -> None:
    """SKIP LOCKED: what one has in hand the other passes over, and nobody gets a row twice."""
    house = office.house
    with house.database.unit(house.outside) as unit:
        for key in range(40):
            unit.send(DELIVER_MAIL, key)
        unit.commit()
    clock.advance(outbox.SENT_AGAIN_AFTER)
    with ThreadPoolExecutor(4) as pool:
        looks = pool.map(lambda _: outbox.claim_unsent(house, 15), range(4))
        claimed = [row.subject_key for rows in looks for row in rows]
    assert len(claimed) == len(set(claimed))
    claimed += [row.subject_key for row in outbox.claim_unsent(house, 40)]
    assert sorted(claimed) == list(range(40))


def test_a_completion_that_waited_sees_the_variables_of_the_other_command(office: Office) -> None:
    """What was read before the lock was there is read anew, so that nothing is decided by old values."""
    instance_key = office.start().key
    task_key = office.task("check_request").key

    def write(execution: Execution) -> None:
        execution.write_root_variables(instance_key, {"amount": 4711})

    def look() -> Any:
        def work(execution: Execution) -> Any:
            _row, instance = execution.load_task(task_key)
            return instance.root_variables["amount"]

        return transact(office.house, office.inspector, work)

    assert meet(office.house, office.owner, write, look) == 4711
    assert look() == 4711
