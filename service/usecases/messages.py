"""Messages from outside: publish (buffered) and correlate (now or not at all)."""

from dataclasses import dataclass
from datetime import timedelta

from service.domain.errors import BadInputError, NotFoundError
from service.identity import Person, policy
from service.usecases.business_ids import require_business_id
from service.usecases.execution.execution import Execution
from service.usecases.execution.messages import PublishMessage, require_length
from service.usecases.house import House
from service.usecases.transaction import transact

__all__ = [
    "MessageCorrelated",
    "MessagePublished",
    "PublishMessage",
    "correlate",
    "publish",
    "require_length",
]


@dataclass(frozen=True)
class MessagePublished:
    """A message was taken.

    Attributes:
        instance_keys: Instances it started or reached at once.
    """

    message_key: int
    instance_keys: tuple[int, ...]


@dataclass(frozen=True)
class MessageCorrelated:
    """A message reached somebody: the instance it started or, if none, the first that waited."""

    message_key: int
    instance_key: int


def publish(house: House, person: Person, command: PublishMessage) -> MessagePublished:
    """Publish a message; it waits `time_to_live` for those who are not there yet.

    Raises:
        NotAllowedError: He may not operate.
        BadInputError: The name is empty, name, key or business id are too long, or the
            time is negative.
        AlreadyExistsError: One with this name, key and id is buffered.
    """
    _check(command)

    def work(execution: Execution) -> MessagePublished:
        policy.may_send_messages(person).require()
        published = execution.publish(command)
        return MessagePublished(published.message_key, published.started + published.reached)

    return transact(house, person, work)


def correlate(house: House, person: Person, command: PublishMessage) -> MessageCorrelated:
    """Give a message, which nobody buffers, to somebody who waits now.

    Raises:
        NotAllowedError: He may not operate.
        BadInputError: The name is empty, or name, key or business id are too long.
        NotFoundError: Nobody waits; nothing happened.
    """
    _check(command)

    def work(execution: Execution) -> MessageCorrelated:
        policy.may_send_messages(person).require()
        published = execution.publish(command)
        taken = published.started + published.reached
        if not taken:
            raise NotFoundError(
                f"Expected to find a subscription for message with name '{command.name}' and correlation "
                f"key '{command.correlation_key}', but none was found.",
                name=command.name,
            )
        return MessageCorrelated(published.message_key, taken[0])

    return transact(house, person, work)


def _check(command: PublishMessage) -> None:
    if not command.name.strip():
        raise BadInputError("Expected 'name' to be a text, but it is empty.")
    if command.time_to_live < timedelta(0):
        raise BadInputError("Expected 'timeToLive' to be at least 0.")
    if command.business_id is not None:
        require_business_id(command.business_id)
