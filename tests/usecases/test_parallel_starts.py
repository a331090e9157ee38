"""Parallel multiple start events (BPMN 2.0.2 §10.5.2): an instance begins when all that they name has come."""

from datetime import timedelta

from service.persistence.tables import definitions, instances
from service.usecases import conditionals, messages, process_instances, signals, timers
from service.usecases.deployments import DeployFile
from service.usecases.execution.messages import PublishMessage
from tests.fakes import FakeClock, RecordingQueue
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, open_tasks, values
from tests.usecases.test_signals import deliver_all

ORDERED = '<bpmn:messageEventDefinition messageRef="ordered" />'
PAID = '<bpmn:messageEventDefinition messageRef="paid" />'
NAMES = drawing.message("ordered") + drawing.message("paid") + drawing.signal("open")


def gathering(*parts: str, task: str = "pack") -> DeployFile:
    """Return a process that waits for all of some triggers and then opens a task."""
    start = (
        f'<bpmn:startEvent id="start" parallelMultiple="true">{"".join(parts)}</bpmn:startEvent>'
    )
    return drawing.line("shop", drawing.user_task(task), start=start, definitions=NAMES)


def publish(office: Office, name: str, key: str, **given: object) -> None:
    """Publish a message that is buffered for an hour."""
    command = PublishMessage(name, key, given, timedelta(hours=1), None)
    messages.publish(office.house, office.operator, command)


def kept(office: Office) -> int:
    """Return how many triggers are kept."""
    return len(office.rows(definitions.start_triggers))


def test_messages_of_one_key_start_an_instance_together(office: Office) -> None:
    """In any order; what they bring comes together; another key is another instance."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A", item="lamp", by="order")
    publish(office, "paid", "B")
    assert open_tasks(office) == []

    publish(office, "paid", "A", amount=5, by="payment")
    given = values(office, office.task("pack").instance_key)
    assert (given["item"], given["amount"], given["by"]) == ("lamp", 5, "payment")
    assert (open_tasks(office), kept(office)) == (["pack"], 1)


def test_the_business_id_of_what_came_first_is_kept_until_nothing_is_missing(
    office: Office,
) -> None:
    """The instance has the one that some message brought."""
    deployed(office, gathering(ORDERED, PAID))
    first = PublishMessage("paid", "A", {}, business_id="B-1")
    messages.publish(office.house, office.operator, first)
    publish(office, "ordered", "A")
    (instance,) = office.rows(instances.process_instances)
    assert instance.business_id == "B-1"


def test_what_has_no_key_goes_with_whatever_it_completes(
    office: Office, queue: RecordingQueue
) -> None:
    """One signal opens one order, the oldest; the next one waits for the next signal."""
    deployed(office, gathering(ORDERED, '<bpmn:signalEventDefinition signalRef="open" />'))
    for key in ("A", "B"):
        publish(office, "ordered", key, order=key)
    for count in (1, 2):
        signals.broadcast(office.house, office.operator, "open", {})
        deliver_all(office, queue)
        assert open_tasks(office) == ["pack"] * count
    assert kept(office) == 0


def test_a_running_instance_of_the_key_holds_the_next_one_back(
    office: Office, queue: RecordingQueue
) -> None:
    """What came before it began starts the next one when it has ended (as Camunda 8's message starts)."""
    deployed(office, gathering(ORDERED, '<bpmn:signalEventDefinition signalRef="open" />'))
    for _ in range(2):
        publish(office, "ordered", "A")
    for _ in range(2):
        signals.broadcast(office.house, office.operator, "open", {})
        deliver_all(office, queue)
    assert (open_tasks(office), kept(office)) == (["pack"], 2)

    process_instances.cancel(office.house, office.operator, office.task("pack").instance_key)
    assert (open_tasks(office), kept(office)) == (["pack"], 0)


def test_a_timer_and_a_condition_are_waited_for_too(office: Office, clock: FakeClock) -> None:
    """A cycle goes on firing; each firing counts once."""
    cycle = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
    condition = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>=x &gt; 1</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )
    deployed(office, gathering(cycle, condition))
    assert conditionals.evaluate(office.house, office.operator, {"x": 2}).started == ()
    clock.advance(hours=1)
    assert timers.fire_starts(office.house) == 1
    assert open_tasks(office) == ["pack"]

    clock.advance(hours=1)
    assert timers.fire_starts(office.house) == 1
    ((_, key),) = conditionals.evaluate(office.house, office.operator, {"x": 3}).started
    assert values(office, key)["x"] == 3


def test_a_new_version_begins_to_wait_anew(office: Office) -> None:
    """What the old one has heard is forgotten with it; a message that is kept is used for its process."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A")
    deployed(office, gathering(ORDERED, PAID, task="send"))
    publish(office, "paid", "A")
    assert (open_tasks(office), kept(office)) == ([], 1)

    publish(office, "ordered", "A")
    assert (open_tasks(office), kept(office)) == (["send"], 0)
