"""Migration of a running instance: its rows name the new version, its keys and moments stay."""

from datetime import timedelta

import pytest
from sqlalchemy import Row

from service.domain.errors import NotAllowedError, NotFoundError, WrongStateError
from service.engine import proposed_mapping
from service.persistence.tables import cases, definitions, instances, tasks
from service.usecases import migration, process_instances, suspension
from service.usecases.deployments import DeployFile
from service.usecases.migration import MigrationPlan
from service.usecases.migration_overview import WITHIN_S, overview
from tests.fakes import NOW, FakeClock
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
)

WAIT = (
    f'<bpmn:intermediateCatchEvent id="wait">{drawing.timer("PT1H")}</bpmn:intermediateCatchEvent>'
)
FORK = '<bpmn:parallelGateway id="fork" />'


def versions(office: Office) -> tuple[int, MigrationPlan]:
    """Start the first of two versions of a process; return it and the proposed plan to the second.

    It waits in a task, a job, a timer, a message and at an incident.
    """
    branches = (
        drawing.job("do_it", "work")
        + WAIT
        + drawing.waits_for("hear", "paid")
        + drawing.job("number_it", "huiyin:next-number")
        + "".join(drawing.flow("fork", to) for to in ("do_it", "wait", "hear", "number_it"))
    )
    message = drawing.message("paid", "no")
    first = drawing.line(
        "moving", FORK, drawing.user_task("ask"), beside=branches, definitions=message
    )
    second = drawing.line(
        "moving",
        FORK,
        drawing.user_task("ask"),
        drawing.user_task("look"),
        beside=branches,
        definitions=message,
    )
    deployed(office, first)
    key = started(office, "moving", no="N")
    deployed(office, second)
    return key, plan(office, "moving")


def plan(office: Office, process_id: str) -> MigrationPlan:
    """Return the proposed plan from the first to the latest version of a process."""
    table = definitions.process_definitions
    rows = sorted(office.rows(table, table.c.process_id == process_id), key=lambda r: r.version)
    with office.house.database.reading() as connection:
        load = office.house.definitions.process
        before, after = load(connection, rows[0].key), load(connection, rows[-1].key)
    return MigrationPlan(after.key, proposed_mapping(before.compiled, after.compiled))


def migrate(office: Office, key: int, to: MigrationPlan) -> None:
    """Migrate as the operator."""
    migration.migrate(office.house, office.operator, key, to)


def timer(office: Office) -> Row[object]:
    """Return the only open timer."""
    (found,) = office.rows(instances.timers, instances.timers.c.state == "OPEN")
    return found


def test_all_rows_of_the_instance_name_the_new_version(office: Office) -> None:
    """Instance, task, timer, subscription; the keys of tasks and jobs are those from before."""
    key, to = versions(office)
    before = {row.key for row in office.rows(tasks.user_tasks)}
    migrate(office, key, to)
    row = instance(office, key)
    task = office.task("ask")
    assert (row.process_key, row.version, task.version) == (to.target_key, 2, 2)
    assert {task.process_key, timer(office).process_key} == {to.target_key}
    assert {found.key for found in office.rows(tasks.user_tasks)} == before
    (told,) = office.rows(cases.events, cases.events.c.kind == "instance.migrated")
    assert (told.before["version"], told.after["version"], told.who) == (1, 2, "yunwei")


def test_it_goes_on_as_the_new_version_draws_it(office: Office) -> None:
    """The task that only the second version has comes next; the job's incident can be resolved."""
    key, to = versions(office)
    migrate(office, key, to)
    finish(office, "ask")
    assert open_tasks(office) == ["look"]
    mend(office, key, code="HB")
    resolve(office)
    assert active_incidents(office) == []


def test_a_timer_keeps_its_moment(office: Office, clock: FakeClock) -> None:
    """Half an hour later it is due in half an hour, under its key."""
    key, to = versions(office)
    before = timer(office).key
    clock.advance(minutes=30)
    migrate(office, key, to)
    assert (timer(office).key, timer(office).due_at) == (before, NOW + timedelta(hours=1))


def test_renamed_elements_are_renamed_in_every_row(office: Office) -> None:
    """Task, incident, subscription, timer and job of the same keys have the ids of the target."""
    key, _to = versions(office)
    renamed = {
        "ask": drawing.user_task("ask2"),
        "do_it": drawing.job("do_it2", "work"),
        "wait": WAIT.replace('"wait"', '"wait2"'),
        "hear": drawing.waits_for("hear2", "paid"),
        "number_it": drawing.job("number_it2", "huiyin:next-number"),
    }
    beside = "".join(xml for source, xml in renamed.items() if source != "ask")
    beside += "".join(drawing.flow("fork", f"{s}2") for s in renamed if s != "ask")
    target = drawing.line(
        "moving",
        FORK,
        renamed["ask"],
        beside=beside,
        definitions=drawing.message("paid", "no"),
    )
    deployed(office, target)
    target_key = plan(office, "moving").target_key
    mapping = tuple((source, f"{source}2") for source in renamed)
    migrate(office, key, MigrationPlan(target_key, mapping))
    assert office.task("ask2").process_key == target_key
    assert incident(office).element_id == "number_it2"
    (subscription,) = office.rows(instances.message_subscriptions)
    assert (subscription.element_id, timer(office).element_id) == ("hear2", "wait2")
    open_jobs = office.rows(instances.jobs, instances.jobs.c.ended_at.is_(None))
    assert {row.element_id for row in open_jobs} == {"do_it2", "number_it2"}
    elements = instances.element_instances
    active = office.rows(elements, elements.c.state == "ACTIVE", elements.c.type == "USER_TASK")
    assert [row.element_id for row in active] == ["ask2"]


def test_a_flow_by_which_a_token_waits_is_that_of_the_target(office: Office) -> None:
    """It is shown where the target draws it; other flows stay those that were taken (Camunda 8)."""

    def joined(join: str) -> DeployFile:
        beside = drawing.job("do_it", "work") + drawing.flow("fork", "do_it")
        beside += drawing.flow("do_it", join)
        gateway = f'<bpmn:parallelGateway id="{join}" />'
        return drawing.line("moving", FORK, drawing.user_task("ask"), gateway, beside=beside)

    deployed(office, joined("join"))
    key = started(office, "moving")
    finish(office, "ask")
    deployed(office, joined("meet"))
    target_key = plan(office, "moving").target_key
    pairs = (("do_it", "do_it"), ("join", "meet"), ("ask_to_join", "ask_to_meet"))
    migrate(office, key, MigrationPlan(target_key, pairs))
    taken = {row.flow_id: row.times for row in office.rows(instances.taken_flows)}
    assert taken == {"start_to_fork": 1, "fork_to_ask": 1, "fork_to_do_it": 1, "ask_to_meet": 1}


def test_a_refused_migration_changes_nothing(office: Office) -> None:
    """Not a row; only operators are asked at all; unknown targets and ended instances are not found."""
    key, to = versions(office)
    partial = MigrationPlan(to.target_key, (("ask", "ask"),))
    with pytest.raises(WrongStateError, match="to be mapped"):
        migrate(office, key, partial)
    assert instance(office, key).version == 1
    with pytest.raises(NotAllowedError):
        migration.migrate(office.house, office.clerk, key, to)
    with pytest.raises(NotFoundError):
        migrate(office, key, MigrationPlan(5, to.mapping))
    process_instances.cancel(office.house, office.operator, key)
    with pytest.raises(NotFoundError, match="has ended"):
        migrate(office, key, to)


def test_a_suspended_instance_is_not_migrated(office: Office) -> None:
    """It must be resumed first."""
    key, to = versions(office)
    suspension.suspend(office.house, office.operator, key)
    with pytest.raises(WrongStateError, match="SUSPENDED"):
        migrate(office, key, to)


def test_a_dry_run_says_what_will_happen_to_each_and_does_none_of_it(office: Office) -> None:
    """One would go, one has moved on to where nothing is mapped, one is not there."""
    key, to = versions(office)
    told = migration.forecast(office.house, office.operator, [key, 5], to)
    fits, missing = told
    assert fits.refusal is None
    assert fits.migrated is not None
    moved = {one.from_id: one.state for one in fits.migrated.elements}
    assert (moved["ask"], moved["number_it"]) == ("ACTIVE", "INCIDENT")
    assert {one.kind for one in fits.migrated.kept} == {"timer", "message"}
    assert isinstance(missing.refusal, NotFoundError)
    assert instance(office, key).version == 1

    without = MigrationPlan(to.target_key, tuple(p for p in to.mapping if p[0] != "wait"))
    (refused,) = migration.forecast(office.house, office.operator, [key], without)
    assert refused.refusal is not None
    assert refused.refusal.facts["element_id"] == "wait"


def test_an_overview_counts_what_fits_and_what_is_refused_by_reason(office: Office) -> None:
    """As many as can be tried in time, the first ones first; nothing of it is done."""
    key, to = versions(office)
    (told,) = migration.forecast(office.house, office.operator, [key], to)
    moments = iter([0.0, 0.0, 0.5, 1.0, WITHIN_S])

    found = overview(
        office.house, office.operator, [told], [5, key, 6, 7, 8], to, seconds=moments.__next__
    )

    assert (found.tried, found.fitting) == (4, 2)
    ((refusal, count),) = [(one.refusal, one.count) for one in found.refused]
    assert (type(refusal), count) == (NotFoundError, 2)
    assert instance(office, key).version == 1


def test_a_dry_run_names_what_is_closed_and_opened(office: Office) -> None:
    """An event that is not mapped is waited for anew."""
    beside = drawing.boundary("ask", drawing.timer("PT5M")) + drawing.flow("ask_left", "over")
    beside += '<bpmn:endEvent id="over" />'
    tasks_of_second = (drawing.user_task("ask"), drawing.user_task("look"))
    deployed(office, drawing.line("late", tasks_of_second[0], beside=beside))
    late = started(office, "late")
    deployed(office, drawing.line("late", *tasks_of_second, beside=beside))
    plain = MigrationPlan(plan(office, "late").target_key, (("ask", "ask"),))
    (told,) = migration.forecast(office.house, office.operator, [late], plain)
    assert told.migrated is not None
    assert [one.event_id for one in told.migrated.closed] == ["ask_left"]
    assert [one.element_id for one in told.timers] == ["ask_left"]


def test_caller_and_called_are_migrated_each_by_itself(office: Office) -> None:
    """The call activity goes on waiting for its child, whatever version either has."""
    caller = ("caller", drawing.call("sub", "child"))
    deployed(office, drawing.line("child", drawing.user_task("inside")))
    deployed(office, drawing.line(*caller, drawing.user_task("after")))
    key = started(office, "caller")
    more = (drawing.user_task("after"), drawing.user_task("last"))
    deployed(office, drawing.line(*caller, *more))
    deployed(office, drawing.line("child", drawing.user_task("inside"), drawing.user_task("more")))
    migrate(office, key, plan(office, "caller"))
    (child,) = children(office, key)
    migrate(office, child.key, plan(office, "child"))
    finish(office, "inside")
    finish(office, "more")
    finish(office, "after")
    assert (open_tasks(office), state(office, key)) == (["last"], "ACTIVE")
