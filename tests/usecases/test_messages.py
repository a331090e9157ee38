"""Messages: buffered for their time, used once a process, refused as doubles."""

from datetime import timedelta

import pytest

from service.domain.errors import AlreadyExistsError, BadInputError
from service.persistence.tables import cases, instances
from service.usecases import jobs, messages, user_tasks
from service.usecases.messages import PublishMessage
from tests.fakes import FakeClock
from tests.usecases.conftest import Office

NAME = "receipt_arrived"


def to_wait(office: Office) -> None:
    """Bring the only approval to its message catch event."""
    key = office.task("check_request").key
    user_tasks.complete(office.house, office.inspector, key, {"opinion": "同意"})
    (job,) = office.rows(instances.jobs)
    jobs.complete(office.house, office.operator, job.key, {})


def publish(office: Office, key: str, hours: float = 0, message_id: str | None = None) -> None:
    """Publish a receipt as the operator."""
    command = PublishMessage(NAME, key, {"paper": 1}, timedelta(hours=hours), message_id)
    messages.publish(office.house, office.operator, command)


def state_of(office: Office) -> str:
    """Return the state of the only instance."""
    (instance,) = office.rows(instances.process_instances)
    return str(instance.state)


def test_a_message_that_comes_early_waits_for_its_subscription(office: Office) -> None:
    """Published with a time to live before anybody waits, it is taken when the catch is reached."""
    created = office.start()
    publish(office, created.case_no or "", hours=1)
    to_wait(office)
    assert state_of(office) == "COMPLETED"


def test_a_message_whose_time_is_over_is_not_taken(office: Office, clock: FakeClock) -> None:
    """One second after its end nobody gets it."""
    created = office.start()
    publish(office, created.case_no or "", hours=1)
    clock.advance(hours=1, seconds=1)
    to_wait(office)
    assert state_of(office) == "ACTIVE"


def test_a_message_without_time_to_live_is_gone_at_once(office: Office) -> None:
    """Nobody waits: it leaves no row behind."""
    created = office.start()
    publish(office, created.case_no or "")
    assert office.rows(instances.messages) == []
    to_wait(office)
    assert state_of(office) == "ACTIVE"


def test_a_double_is_refused_while_the_first_is_buffered(office: Office, clock: FakeClock) -> None:
    """Same name, key and id: refused until the first one's time is over."""
    publish(office, "k", hours=1, message_id="m1")
    with pytest.raises(AlreadyExistsError):
        publish(office, "k", hours=1, message_id="m1")
    publish(office, "other", hours=1, message_id="m1")
    clock.advance(hours=1)
    publish(office, "k", hours=1, message_id="m1")


def test_a_message_that_nobody_could_wait_for_is_refused(office: Office) -> None:
    """Without name, with more signs than a subscription may have, or with negative time."""
    for command in (
        PublishMessage(" ", "k"),
        PublishMessage("n" * 257, "k"),
        PublishMessage(NAME, "k" * 257),
        PublishMessage(NAME, "k", time_to_live=timedelta(seconds=-1)),
    ):
        with pytest.raises(BadInputError):
            messages.publish(office.house, office.operator, command)


def test_what_a_message_did_stands_in_the_history(office: Office) -> None:
    """The case's history names the message and its element (XC-X-6)."""
    created = office.start()
    to_wait(office)
    publish(office, created.case_no or "")
    kinds = [
        row.kind for row in office.rows(cases.events, cases.events.c.case_key == created.case_key)
    ]
    assert "message.correlated" in kinds
    assert "instance.ended" in kinds
