"""Messages as Camunda 8 defines them: whom one reaches, how long it waits, what it starts.

Source: Camunda 8, messages and message events (MessagePublishProcessor,
BpmnBufferedMessageStartEventBehavior, MessageCorrelationCorrelateProcessor).
"""

from datetime import timedelta

import pytest

from service.domain.errors import AlreadyExistsError, NotFoundError
from service.persistence.tables import cases, instances
from service.usecases import business_ids, messages, process_instances, suspension
from service.usecases.deployments import DeployFile
from service.usecases.messages import MessagePublished, PublishMessage
from service.usecases.process_instances import CreateInstance
from tests.fakes import FakeClock
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks, started, state, values

HOUR = timedelta(hours=1)


def waiter(process_id: str = "waiter", times: int = 1) -> DeployFile:
    """Return a process that waits for `go` with the key `token`, some times one after the other."""
    waits = [drawing.waits_for(f"wait{number}", "go") for number in range(times)]
    definitions = drawing.message("go", "token")
    return drawing.line(process_id, *waits, drawing.user_task("after"), definitions=definitions)


def begun(task: str = "work", message: str = "begin") -> DeployFile:
    """Return a process that a message starts and whose only task has that name."""
    return drawing.line(
        "begun",
        drawing.user_task(task),
        start=drawing.started_by(message),
        definitions=drawing.message(message),
    )


def publish(
    office: Office,
    name: str,
    key: str = "",
    ttl: timedelta = HOUR,
    message_id: str | None = None,
    **variables: int,
) -> MessagePublished:
    """Publish a message as the operator."""
    command = PublishMessage(name, key, variables, ttl, message_id)
    return messages.publish(office.house, office.operator, command)


def begun_instances(office: Office) -> list[str]:
    """Return the states of all instances, oldest first."""
    rows = office.rows(instances.process_instances)
    return [row.state for row in sorted(rows, key=lambda row: int(row.key))]


def test_a_message_reaches_one_instance_of_a_process_and_every_process(office: Office) -> None:
    """Of two instances of one process id one goes on, whatever their versions; of another process too."""
    deployed(office, waiter(), waiter("other"))
    first = started(office, "waiter", token="t")
    deployed(
        office,
        drawing.line(
            "waiter", drawing.waits_for("wait", "go"), definitions=drawing.message("go", "token")
        ),
    )
    second = started(office, "waiter", token="t")
    other = started(office, "other", token="t")

    reached = publish(office, "go", "t")

    assert len(reached.instance_keys) == 2
    assert other in reached.instance_keys
    assert len({first, second} & set(reached.instance_keys)) == 1


def test_a_message_that_was_taken_waits_on_for_other_processes(office: Office) -> None:
    """Until its time is over: a process that comes later takes it, the same process does not."""
    deployed(office, waiter(), waiter("other"))
    started(office, "waiter", token="t")
    publish(office, "go", "t")
    again, other = started(office, "waiter", token="t"), started(office, "other", token="t")

    waiting = office.rows(instances.message_subscriptions)
    assert [row.instance_key for row in waiting] == [again]
    assert state(office, other) == "ACTIVE"
    assert open_tasks(office) == ["after", "after"]


def test_a_message_is_taken_once_by_an_instance_that_waits_twice(office: Office) -> None:
    """The second catch event of the same instance needs a second message."""
    deployed(office, waiter(times=2))
    started(office, "waiter", token="t")
    publish(office, "go", "t")
    assert open_tasks(office) == []
    publish(office, "go", "t")
    assert open_tasks(office) == ["after"]


def test_a_new_subscription_takes_the_oldest_message(office: Office) -> None:
    """First in, first out, one for each instance that comes."""
    deployed(office, waiter())
    publish(office, "go", "t", number=1)
    publish(office, "go", "t", number=2)
    keys = [started(office, "waiter", token="t") for _ in range(3)]
    assert [values(office, key).get("number") for key in keys] == [1, 2, None]


@pytest.mark.parametrize("is_suspended", [False, True], ids=["opened", "resumed"])
@pytest.mark.parametrize(("is_interrupting", "taken"), [(False, [0, 1, 2]), (True, [0])])
def test_what_interrupts_nothing_takes_all_that_lies_there(
    office: Office, *, is_suspended: bool, is_interrupting: bool, taken: list[int]
) -> None:
    """The oldest first, when its subscription opens and when a suspended instance goes on."""
    hears = '<bpmn:messageEventDefinition messageRef="go" />'
    beside = drawing.boundary("ask", hears, is_interrupting=is_interrupting)
    ask = drawing.line(
        "asking",
        drawing.user_task("ask"),
        beside=beside,
        definitions=drawing.message("go", "token"),
    )
    deployed(office, ask)
    if is_suspended:
        key = started(office, "asking", token="t")
        suspension.suspend(office.house, office.operator, key)
    keys = [publish(office, "go", "t").message_key for _ in range(3)]
    if is_suspended:
        suspension.resume(office.house, office.operator, key)
    else:
        started(office, "asking", token="t")

    heard = sorted(office.rows(instances.message_correlations), key=lambda row: int(row.key))
    assert [keys.index(row.message_key) for row in heard] == taken
    assert open_tasks(office).count("ask_mended") == len(taken)


def test_what_ends_its_host_leaves_the_rest_to_others(office: Office) -> None:
    """The first of three ends the activity; the two that are left wait on."""
    hears = '<bpmn:messageEventDefinition messageRef="go" />'
    inner = (
        '<bpmn:startEvent id="begin" />'
        + drawing.user_task("ask")
        + drawing.flow("begin", "ask")
        + f'<bpmn:boundaryEvent id="told" attachedToRef="ask" cancelActivity="false">{hears}'
        "</bpmn:boundaryEvent>"
        + f'<bpmn:endEvent id="stop">{drawing.caught("enough")}</bpmn:endEvent>'
        + drawing.flow("told", "stop")
    )
    part = f'<bpmn:subProcess id="part">{inner}</bpmn:subProcess>'
    beside = drawing.boundary("part", drawing.caught("enough"))
    known = drawing.message("go", "token") + drawing.errors("enough")
    deployed(office, drawing.line("asking", part, beside=beside, definitions=known))
    for _ in range(3):
        publish(office, "go", "t")
    started(office, "asking", token="t")

    assert open_tasks(office) == ["part_mended"]
    assert len(office.rows(instances.message_correlations)) == 1


def test_a_message_with_another_key_or_name_is_not_taken(office: Office) -> None:
    """Both must be the same, letter by letter; a number as key is its integer text."""
    deployed(office, waiter())
    started(office, "waiter", token=12)
    for name, key in (("go", "12.0"), ("go", "1"), ("Go", "12"), ("gone", "12")):
        assert publish(office, name, key).instance_keys == ()
    assert len(publish(office, "go", "12").instance_keys) == 1


def test_the_key_is_evaluated_once_when_the_subscription_opens(office: Office) -> None:
    """A later change of the variable changes nothing."""
    deployed(office, waiter())
    key = started(office, "waiter", token="old")
    process_instances.set_variables(office.house, office.operator, key, {"token": "new"}, True)
    assert publish(office, "go", "new", timedelta(0)).instance_keys == ()
    assert publish(office, "go", "old", timedelta(0)).instance_keys == (key,)


def test_a_double_is_refused_though_the_first_was_taken(office: Office) -> None:
    """It is buffered until its time is over, taken or not; another name or key is no double."""
    deployed(office, waiter())
    started(office, "waiter", token="t")
    publish(office, "go", "t", message_id="m1")
    before = office.rows(cases.events)
    with pytest.raises(AlreadyExistsError):
        publish(office, "go", "t", message_id="m1")
    assert office.rows(cases.events) == before
    publish(office, "went", "t", message_id="m1")
    publish(office, "go", "t", message_id=None)


def test_messages_without_time_to_live_are_no_doubles(office: Office) -> None:
    """What is not buffered is not looked at."""
    for _ in range(2):
        publish(office, "go", "t", timedelta(0), message_id="m1")


def test_a_catch_comes_before_a_start_of_the_same_process(office: Office) -> None:
    """One subscription a process id: the instance that waits goes on, and none is started."""
    both = drawing.line(
        "both",
        drawing.waits_for("wait", "again"),
        drawing.user_task("after"),
        start=drawing.started_by("begin"),
        definitions=drawing.message("begin") + drawing.message("again", "token"),
    )
    renamed = DeployFile(both.name, both.content.replace(b'name="again"', b'name="begin"'))
    deployed(office, renamed)
    first = publish(office, "begin", "", token=7)
    assert len(first.instance_keys) == 1
    second = publish(office, "begin", "7")
    assert second.instance_keys == first.instance_keys
    assert open_tasks(office) == ["after"]


def test_a_start_with_a_key_has_one_active_instance(office: Office) -> None:
    """Whatever its version; messages meanwhile wait and start the latest version, the oldest first."""
    deployed(office, begun())
    publish(office, "begin", "k", number=1)
    deployed(office, begun("rework"))
    publish(office, "begin", "k", number=2)
    publish(office, "begin", "k", number=3)
    publish(office, "begin", "k", timedelta(0), number=4)
    assert begun_instances(office) == ["ACTIVE"]

    finish(office, "work")
    assert (begun_instances(office), open_tasks(office)) == (["COMPLETED", "ACTIVE"], ["rework"])
    finish(office, "rework")
    finish(office, "rework")
    numbers = office.rows(instances.variables, instances.variables.c.name == "number")
    assert sorted(row.value for row in numbers) == ["1", "2", "3"]
    assert begun_instances(office) == ["COMPLETED"] * 3


def test_a_suspended_instance_keeps_its_key(office: Office) -> None:
    """It is active for a start with the same key, though it does not go on."""
    deployed(office, begun())
    (key,) = publish(office, "begin", "k").instance_keys
    suspension.suspend(office.house, office.operator, key)
    assert publish(office, "begin", "k").instance_keys == ()


def test_a_waiting_message_that_is_too_old_starts_nothing(office: Office, clock: FakeClock) -> None:
    """Its time is over before the active instance ends."""
    deployed(office, begun())
    publish(office, "begin", "k")
    publish(office, "begin", "k")
    clock.advance(HOUR)
    finish(office, "work")
    assert begun_instances(office) == ["COMPLETED"]


def test_what_waits_may_start_the_latest_version_by_another_name(office: Office) -> None:
    """The new version listens to another message: that one starts it when the old instance ends."""
    deployed(office, begun())
    publish(office, "begin", "k")
    deployed(office, begun("rework", "renew"))
    publish(office, "begin", "k")
    publish(office, "renew", "k")
    finish(office, "work")
    assert open_tasks(office) == ["rework"]
    finish(office, "rework")
    assert begun_instances(office) == ["COMPLETED", "COMPLETED"]


def test_a_start_without_a_key_starts_each_time(office: Office) -> None:
    """Nothing holds it back."""
    deployed(office, begun())
    publish(office, "begin")
    publish(office, "begin")
    assert begun_instances(office) == ["ACTIVE", "ACTIVE"]


def test_messages_of_before_the_deployment_start_nothing(office: Office) -> None:
    """A start event does not look back."""
    publish(office, "begin", "k")
    deployed(office, begun())
    assert begun_instances(office) == []


def test_only_the_latest_version_listens(office: Office) -> None:
    """A new version closes the start of the old one, even if it has none itself."""
    deployed(office, begun())
    deployed(office, drawing.line("begun", drawing.user_task("work")))
    assert publish(office, "begin").instance_keys == ()


@pytest.mark.parametrize("is_early", [False, True], ids=["who_waits", "buffered"])
@pytest.mark.parametrize(
    ("of_message", "of_instance", "is_reached"),
    [
        (None, None, True),
        (None, "A-1", True),
        ("A-1", "A-1", True),
        ("A-1", "A-2", False),
        ("A-1", None, False),
    ],
)
def test_a_message_with_a_business_id_is_for_instances_of_that_one(
    office: Office,
    of_message: str | None,
    of_instance: str | None,
    is_reached: bool,
    is_early: bool,
) -> None:
    """One without is for any (Camunda 8.10, MessageCorrelationBusinessIdTest)."""
    deployed(office, waiter())
    message = PublishMessage("go", "t", {}, HOUR, business_id=of_message)
    start = CreateInstance(process_id="waiter", variables={"token": "t"}, business_id=of_instance)
    if is_early:
        messages.publish(office.house, office.operator, message)
    process_instances.create(office.house, office.owner, start)
    if not is_early:
        messages.publish(office.house, office.operator, message)
    assert open_tasks(office) == ["after"] * is_reached


def test_who_waits_is_found_by_the_business_id_that_he_had_when_he_began_to(office: Office) -> None:
    """An id that is assigned later is that of what begins to wait later (Camunda 8.10)."""
    deployed(office, waiter(times=2))
    key = started(office, "waiter", token="t")
    business_ids.assign(office.house, office.operator, key, "A-1")
    message = PublishMessage("go", "t", business_id="A-1")
    with pytest.raises(NotFoundError):
        messages.correlate(office.house, office.operator, message)
    publish(office, "go", "t")
    messages.correlate(office.house, office.operator, message)
    assert open_tasks(office) == ["after"]


def test_an_instance_has_the_business_id_of_the_message_that_started_it(office: Office) -> None:
    """Several may have the same one: only a correlation key holds a second one back."""
    deployed(office, begun())
    for _ in range(2):
        message = PublishMessage("begin", "", business_id="A-1")
        messages.publish(office.house, office.operator, message)
    assert [row.business_id for row in office.rows(instances.process_instances)] == ["A-1"] * 2


def test_correlating_answers_what_was_started_before_what_waited(office: Office) -> None:
    """One process instance key of several."""
    deployed(office, waiter("sleeper"), begun(message="go"))
    sleeper = started(office, "sleeper", token="t")
    correlated = messages.correlate(office.house, office.operator, PublishMessage("go", "t"))
    assert correlated.instance_key != sleeper
    assert state(office, correlated.instance_key) == "ACTIVE"
    assert open_tasks(office) == ["after", "work"]


def test_correlating_to_nobody_leaves_nothing_behind(office: Office) -> None:
    """Nobody waits, or the active instance holds the key: not found, no message, no event."""
    deployed(office, begun())
    messages.correlate(office.house, office.operator, PublishMessage("begin", "k"))
    before = office.rows(cases.events)
    for name, key in (("begin", "k"), ("nothing", "x")):
        with pytest.raises(NotFoundError):
            messages.correlate(office.house, office.operator, PublishMessage(name, key))
    assert (office.rows(cases.events), office.rows(instances.messages)) == (before, [])
