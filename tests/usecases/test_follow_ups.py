"""What follows a step, when the one it was meant for has ended in the same transaction."""

import pytest

from service.persistence.tables import instances
from service.usecases import messages
from service.usecases.deployments import deploy
from service.usecases.messages import PublishMessage
from service.usecases.process_instances import CreateInstance, create
from tests.usecases.conftest import Office, shipped


@pytest.fixture
def meanwhile(office: Office) -> Office:
    """Return the office with the diagrams in which two things happen at once."""
    deploy(office.house, office.owner, shipped("meanwhile.bpmn"))
    return office


def states(office: Office) -> dict[str, str]:
    """Return the state of the instance of each process."""
    return {row.process_id: row.state for row in office.rows(instances.process_instances)}


def start(office: Office, process_id: str) -> None:
    """Start a process with the token its messages are correlated by."""
    command = CreateInstance(process_id=process_id, variables={"token": "t1"})
    create(office.house, office.owner, command)


def test_a_call_whose_activity_was_terminated_meanwhile_starts_nothing(meanwhile: Office) -> None:
    """A terminate end beside it is reached first: no called instance is left behind."""
    start(meanwhile, "hurry")
    assert states(meanwhile) == {"hurry": "ACTIVE"}
    assert meanwhile.task("hurry_task").name == "之后"


def test_a_called_instance_may_end_in_the_moment_its_caller_is_over(meanwhile: Office) -> None:
    """One message ends both called instances; the first one's return terminates the caller."""
    start(meanwhile, "pair")
    messages.publish(meanwhile.house, meanwhile.operator, PublishMessage("go", "t1"))
    assert states(meanwhile) == {
        "pair": "COMPLETED",
        "waiter": "COMPLETED",
        "second_waiter": "COMPLETED",
    }
