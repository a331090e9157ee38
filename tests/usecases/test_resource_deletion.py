"""Deleting what was deployed: nothing new begins, what runs goes on, the version before listens again."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, update

from service.domain import batch_operations as words
from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.persistence.tables import batch_operations, cases, definitions, instances
from service.persistence.tables import house as house_tables
from service.reports import processes
from service.usecases import decisions, messages, migration, process_instances, sweeps, timers
from service.usecases.deployments import DeployFile, deploy
from service.usecases.execution.messages import PublishMessage
from service.usecases.process_instances import CreateInstance
from service.usecases.resource_deletion import ResourceDeleted, delete_resource
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases import drawing
from tests.usecases.conftest import Office, shipped
from tests.usecases.looking import (
    active_incidents,
    deployed,
    finish,
    open_tasks,
    started,
    state,
)
from tests.usecases.test_batch_operations import work_off
from tests.usecases.test_message_rules import begun
from tests.usecases.test_signals import STARTED, broadcast, deliver_all
from tests.usecases.test_start_timers import open_timers, timed

PROCESSES = definitions.process_definitions
DECISION = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grading" name="g" '
    b'namespace="t"><decision id="grade" name="Grade"><variable name="grade"/>'
    b"<literalExpression><text>%s</text></literalExpression></decision></definitions>"
)


def version(office: Office, process_id: str, number: int) -> Row[Any]:
    """Return one version of a process."""
    return office.rows(
        PROCESSES, PROCESSES.c.process_id == process_id, PROCESSES.c.version == number
    )[0]


def delete(office: Office, key: int, *, purges_history: bool = False) -> ResourceDeleted:
    """Delete something as who may delete everything."""
    both = replace(office.owner, roles=frozenset({"staff", "process_owner", "operator"}))
    return delete_resource(office.house, both, key, purges_history=purges_history)


def create(office: Office, command: CreateInstance) -> int:
    """Start an instance."""
    return process_instances.create(office.house, office.owner, command).key


def two_versions(office: Office) -> None:
    """Deploy a process twice: its task is called `first`, then `second`."""
    for task in ("first", "second"):
        deployed(office, drawing.line("line", drawing.user_task(task)))


def test_the_version_before_is_the_latest_again(office: Office) -> None:
    """New instances are of it; the number of the deleted one is never given again."""
    two_versions(office)
    delete(office, version(office, "line", 2).key)

    started(office, "line")
    assert open_tasks(office) == ["first"]
    deployed(office, drawing.line("line", drawing.user_task("second")))
    assert version(office, "line", 3).is_latest
    with office.house.database.reading() as connection:
        shown = processes.process_versions(connection, "line")
    assert [one.version for one in shown] == [3, 1]
    told = office.rows(cases.events, cases.events.c.kind == "resource.deleted")
    assert [row.detail["version"] for row in told] == [2]


def test_an_old_version_goes_without_a_change_of_the_latest(office: Office) -> None:
    """Then the one before it is next in line."""
    two_versions(office)
    delete(office, version(office, "line", 1).key)

    started(office, "line")
    assert open_tasks(office) == ["second"]
    delete(office, version(office, "line", 2).key)
    with pytest.raises(NotFoundError):
        started(office, "line")


def test_nothing_new_begins_with_a_deleted_version(office: Office) -> None:
    """Neither by key nor by number, nor can instances be migrated to it; deleting it again finds nothing."""
    two_versions(office)
    deleted = version(office, "line", 2).key
    running = started(office, "line")
    delete(office, version(office, "line", 1).key)
    for command in (
        CreateInstance(process_key=version(office, "line", 1).key),
        CreateInstance(process_id="line", version=1),
    ):
        with pytest.raises(NotFoundError):
            process_instances.create(office.house, office.owner, command)
    plan = migration.MigrationPlan(version(office, "line", 1).key, (("second", "first"),))
    with pytest.raises(NotFoundError):
        migration.migrate(office.house, office.operator, running, plan)
    with pytest.raises(NotFoundError):
        delete(office, version(office, "line", 1).key)
    with pytest.raises(NotFoundError):
        delete(office, deleted + 1)


def test_a_version_with_running_instances_drains(office: Office) -> None:
    """They run to their end on it; the sweep after the last one says that it is deleted."""
    two_versions(office)
    key = started(office, "line")
    delete(office, version(office, "line", 2).key)
    assert version(office, "line", 2).state == "DRAINING"
    sweeps.sweep(office.house)
    assert version(office, "line", 2).state == "DRAINING"

    finish(office, "second")
    assert state(office, key) == "COMPLETED"
    sweeps.sweep(office.house)
    assert version(office, "line", 2).state == "DELETED"


def test_a_version_that_drains_is_being_deleted(office: Office) -> None:
    """Until the last instance has ended nothing begins with it, and it is not deleted again (Camunda 8.10)."""
    two_versions(office)
    running, other = started(office, "line"), started(office, "line")
    key = version(office, "line", 2).key
    delete(office, key)
    delete(office, version(office, "line", 1).key)
    deployed(office, drawing.line("apart", drawing.user_task("ask")))
    elsewhere = started(office, "apart")
    plan = migration.MigrationPlan(key, (("ask", "second"),))
    for refused in (
        lambda: delete(office, key),
        lambda: delete(office, key, purges_history=True),
        lambda: create(office, CreateInstance(process_key=key)),
        lambda: create(office, CreateInstance(process_id="line", version=2)),
        lambda: migration.migrate(office.house, office.operator, elsewhere, plan),
    ):
        with pytest.raises(WrongStateError, match="is being deleted"):
            refused()
    for command in (
        CreateInstance(process_id="line"),
        CreateInstance(process_id="line", version=1),
    ):
        with pytest.raises(NotFoundError):
            create(office, command)
    for ended in (running, other):
        process_instances.cancel(office.house, office.operator, ended)
    with pytest.raises(NotFoundError):
        delete(office, key)
    assert delete(office, key, purges_history=True).batch_kind == words.DELETE


def test_a_call_of_a_process_without_versions_is_an_incident(office: Office) -> None:
    """It waits until there is one again."""
    called = '<bpmn:callActivity id="call"><bpmn:extensionElements>'
    called += (
        '<zeebe:calledElement processId="line" /></bpmn:extensionElements></bpmn:callActivity>'
    )
    deployed(office, drawing.line("line", drawing.user_task("first")))
    deployed(office, drawing.line("caller", drawing.user_task("ask"), called))
    started(office, "caller")
    delete(office, version(office, "line", 1).key)
    finish(office, "ask")

    assert [row.error_type for row in active_incidents(office)] == ["CALLED_ELEMENT_ERROR"]


def test_the_version_before_listens_for_messages_again(office: Office) -> None:
    """Its start was closed by the version that goes."""
    deployed(office, begun())
    deployed(office, drawing.line("begun", drawing.user_task("work")))
    message = PublishMessage("begin", "k")
    assert messages.publish(office.house, office.operator, message).instance_keys == ()

    delete(office, version(office, "begun", 2).key)
    (key,) = messages.publish(office.house, office.operator, message).instance_keys
    (row,) = office.rows(instances.process_instances, instances.process_instances.c.key == key)
    assert row.version == 1


def test_the_version_before_listens_for_signals_and_timers_again(
    office: Office, queue: RecordingQueue, clock: FakeClock
) -> None:
    """And when the last version goes, nothing is started any more."""
    deployed(office, STARTED)
    deployed(office, drawing.line("started_by_news", drawing.user_task("other")))
    deployed(office, timed("timeCycle", "R/PT1H"))
    deployed(office, drawing.line("timed", drawing.user_task("other")))
    assert open_timers(office) == []
    delete(office, version(office, "started_by_news", 2).key)
    delete(office, version(office, "timed", 2).key)
    broadcast(office)
    deliver_all(office, queue)
    clock.advance(hours=1)
    assert timers.fire_starts(office.house) == 1
    assert sorted(open_tasks(office)) == ["handle", "work"]

    delete(office, version(office, "started_by_news", 1).key)
    delete(office, version(office, "timed", 1).key)
    assert (office.rows(definitions.start_events), open_timers(office)) == ([], [])


def test_the_history_of_a_process_goes_when_nothing_runs_any_more(
    office: Office, queue: RecordingQueue
) -> None:
    """By a batch operation in the name of who asked for it; what ran meanwhile is in it."""
    two_versions(office)
    ended, running = started(office, "line"), started(office, "line")
    process_instances.cancel(office.house, office.operator, ended)
    assert delete(office, version(office, "line", 2).key, purges_history=True).batch_key is None
    assert office.rows(batch_operations.batch_operations) == []

    process_instances.cancel(office.house, office.operator, running)
    sweeps.sweep(office.house)
    (batch,) = office.rows(batch_operations.batch_operations)
    assert (batch.kind, batch.created_by) == (words.DELETE, office.owner.username)
    with office.house.database.unit(office.house.outside) as unit:
        unit.connection.execute(
            batch_operations.batch_operations.update().values(created_by=office.operator.username)
        )
        unit.commit()
    work_off(office, queue)
    assert office.rows(instances.process_instances) == []


def test_the_history_goes_though_who_asked_for_it_has_gone(
    office: Office, queue: RecordingQueue
) -> None:
    """The house does what he was allowed to ask for, once nothing runs any more."""
    two_versions(office)
    key = started(office, "line")
    queue.take()
    delete(office, version(office, "line", 2).key, purges_history=True)
    with office.house.database.unit(office.house.outside) as unit:
        people = house_tables.people
        mine = people.c.username == office.owner.username
        unit.connection.execute(update(people).where(mine).values(is_active=False))
        unit.commit()
    finish(office, "second")
    sweeps.sweep(office.house)
    work_off(office, queue)
    (done,) = office.rows(batch_operations.batch_operations)
    assert (done.state, done.created_by) == ("COMPLETED", "system")
    assert office.rows(instances.process_instances, instances.process_instances.c.key == key) == []


def test_a_deleted_process_can_have_its_history_deleted_later(office: Office) -> None:
    """Then the batch operation is told at once."""
    two_versions(office)
    key = version(office, "line", 2).key
    delete(office, key)
    done = delete(office, key, purges_history=True)
    assert (done.batch_kind, done.batch_key is not None) == (words.DELETE, True)


def test_decisions_go_with_their_requirements(office: Office) -> None:
    """The versions before are the latest again; of a history asked for, the batch operation is told."""
    for value in (b'"A"', b'"B"'):
        deploy(office.house, office.owner, [DeployFile("grading.dmn", DECISION % value)])
    table = definitions.decision_requirements
    first, second = sorted(
        office.rows(table, table.c.requirements_id == "grading"), key=lambda row: row.version
    )
    (decision,) = office.rows(
        definitions.decision_definitions,
        definitions.decision_definitions.c.requirements_key == second.key,
    )
    done = delete(office, second.key, purges_history=True)
    assert (done.batch_kind, done.batch_key is not None) == (words.DELETE_DECISION, True)

    def output(key: int | None = None) -> object:
        id_ = None if key else "grade"
        return decisions.evaluate(office.house, office.owner, key, id_, {}).output

    assert output() == "A"
    with pytest.raises(NotFoundError):
        output(decision.key)
    delete(office, first.key)
    with pytest.raises(NotFoundError):
        output()


def test_a_deleted_form_is_not_opened_for_new_tasks(office: Office) -> None:
    """A task that is open keeps the form it was opened with; a new one becomes an incident."""
    office.start()
    (form,) = office.rows(definitions.forms)
    assert delete(office, form.key, purges_history=True).batch_key is None
    assert office.task("check_request").form_key == form.key

    office.start()
    assert [row.error_type for row in active_incidents(office)] == ["FORM_NOT_FOUND"]
    deploy(office.house, office.owner, shipped("check_request.form"))
    assert sorted(row.version for row in office.rows(definitions.forms)) == [1, 2]


def test_who_may_not_deploy_may_not_delete(office: Office) -> None:
    """And its history only goes when he may operate, too."""
    two_versions(office)
    key = version(office, "line", 2).key
    with pytest.raises(NotAllowedError):
        delete_resource(office.house, office.operator, key)
    with pytest.raises(NotAllowedError):
        delete_resource(office.house, office.owner, key, purges_history=True)
    assert version(office, "line", 2).state == "ACTIVE"
