"""What starts instances besides start events, and pools that talk to each other by messages."""

from datetime import timedelta

from service.persistence.tables import definitions, instances
from service.usecases import messages
from service.usecases.deployments import DeployFile
from service.usecases.messages import PublishMessage
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks, started, state, values

ORDER = drawing.message("order", "order_no")
PAPER = drawing.message("paper", "order_no")


def publish(office: Office, name: str, key: str, **variables: object) -> tuple[int, ...]:
    """Publish a message that nobody waits for later; return the instances it started or reached."""
    command = PublishMessage(name, key, variables, timedelta(0))
    return messages.publish(office.house, office.operator, command).instance_keys


def test_a_receive_task_starts_instances(office: Office) -> None:
    """One for each message without key; started by hand there is no way in."""
    receive = '<bpmn:receiveTask id="start" messageRef="order" instantiate="true" />'
    deployed(
        office,
        drawing.line("ordered", drawing.user_task("ship"), start=receive, definitions=ORDER),
    )
    (first,) = publish(office, "order", "", customer="王")
    (second,) = publish(office, "order", "", customer="李")

    assert open_tasks(office) == ["ship", "ship"]
    assert [values(office, key)["customer"] for key in (first, second)] == ["王", "李"]


def conversation() -> DeployFile:
    """Return a process that two messages of one order start, whichever comes first."""
    gateway = (
        '<bpmn:eventBasedGateway id="both" instantiate="true" eventGatewayType="Parallel" />'
        + drawing.waits_for("by_order", "order")
        + drawing.waits_for("by_paper", "paper")
        + '<bpmn:parallelGateway id="join" />'
        + drawing.user_task("ship")
        + drawing.flow("both", "by_order")
        + drawing.flow("both", "by_paper")
        + drawing.flow("by_order", "join")
        + drawing.flow("by_paper", "join")
        + drawing.flow("join", "ship")
    )
    return drawing.file("conversation", gateway, ORDER + PAPER)


def test_messages_of_one_conversation_meet_in_one_instance(office: Office) -> None:
    """The first one starts it, the second one of the same key reaches it; another key starts another."""
    deployed(office, conversation())
    (one,) = publish(office, "paper", "A-1", order_no="A-1", paper=1)
    (other,) = publish(office, "order", "A-2", order_no="A-2")
    assert (one != other, open_tasks(office)) == (True, [])

    assert publish(office, "order", "A-1", amount=5) == (one,)
    assert open_tasks(office) == ["ship"]
    assert values(office, one) == {**values(office, one), "paper": 1, "amount": 5}
    finish(office, "ship")
    assert (state(office, one), state(office, other)) == ("COMPLETED", "ACTIVE")


def sends(element_id: str, message: str, key: str) -> str:
    """Return a send task that publishes a message."""
    mapping = drawing.mapping((key, "correlation_key"), ("{order_no: order_no}", "payload"))
    task = drawing.job(element_id, "huiyin:publish-message", more=mapping, messageName=message)
    return task.replace("serviceTask", "sendTask")


def test_pools_of_one_file_run_and_talk_by_messages(office: Office) -> None:
    """Each executable process is a definition of its own; message flows are for readers."""
    shop = (
        f"{drawing.PLAIN_START}{sends('ask', 'order', 'order_no')}"
        f"{drawing.waits_for('wait', 'paper')}{drawing.user_task('unpack')}"
        f"{drawing.flow('start', 'ask')}{drawing.flow('ask', 'wait')}{drawing.flow('wait', 'unpack')}"
    )
    works = (
        f'<bpmn:startEvent id="begin"><bpmn:messageEventDefinition messageRef="order" />'
        f"</bpmn:startEvent>{drawing.user_task('make')}{sends('answer', 'paper', 'order_no')}"
        f"{drawing.flow('begin', 'make')}{drawing.flow('make', 'answer')}"
    )
    text = (
        f'<bpmn:definitions xmlns:bpmn="{drawing.BPMN}" xmlns:zeebe="{drawing.ZEEBE}" id="d" '
        'targetNamespace="t"><bpmn:collaboration id="both">'
        '<bpmn:participant id="p_shop" name="门店" processRef="shop" />'
        '<bpmn:participant id="p_works" name="工厂" processRef="works" />'
        '<bpmn:participant id="p_customer" name="顾客" />'
        '<bpmn:messageFlow id="f1" sourceRef="ask" targetRef="begin" />'
        '<bpmn:messageFlow id="f2" sourceRef="answer" targetRef="wait" />'
        '<bpmn:messageFlow id="f3" sourceRef="p_customer" targetRef="p_shop" />'
        "</bpmn:collaboration>"
        f'<bpmn:process id="shop" isExecutable="true">{shop}</bpmn:process>'
        f'<bpmn:process id="works" isExecutable="true">{works}</bpmn:process>'
        '<bpmn:process id="drawn_only" isExecutable="false"><bpmn:task id="t" /></bpmn:process>'
        f"{ORDER}{PAPER}</bpmn:definitions>"
    )
    deployed(office, DeployFile("both.bpmn", text.encode()))
    table = definitions.process_definitions
    rows = office.rows(table, table.c.resource_name == "both.bpmn")
    assert sorted((row.process_id, row.version) for row in rows) == [("shop", 1), ("works", 1)]

    key = started(office, "shop", order_no="A-1")
    assert open_tasks(office) == ["make"]
    finish(office, "make")
    assert open_tasks(office) == ["unpack"]
    finish(office, "unpack")
    ended = office.rows(instances.process_instances)
    assert {row.process_id: row.state for row in ended} == {
        "shop": "COMPLETED",
        "works": "COMPLETED",
    }
    assert state(office, key) == "COMPLETED"
