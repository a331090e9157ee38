"""What a migration says it does to an instance, and what it is told of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.engine.values import Step


@dataclass(frozen=True)
class MovedElement:
    """An element instance that now belongs to another element.

    Attributes:
        state: `ACTIVE`, `INCIDENT`, or `JOINING` of a gateway that waits for more tokens.
        is_converted: Whether it is a user task whose job ends, and that people do from now on.
    """

    element_instance_key: int
    element_type: str
    from_id: str
    to_id: str
    to_name: str
    state: str
    is_converted: bool = False


@dataclass(frozen=True)
class OpenJob:
    """A job that an element instance waits for.

    Attributes:
        headers: As a worker gets them.
        has_incident: Whether it has failed for good and nobody has resolved that yet.
    """

    headers: Mapping[str, str]
    has_incident: bool


@dataclass(frozen=True)
class MovedSubscription:
    """A timer or subscription that goes on for another event.

    Attributes:
        kind: `timer`, `message` and so on.
        due: The moment of a timer as text, kept; None of all else.
    """

    subscription_key: int
    element_instance_key: int
    kind: str
    from_id: str
    to_id: str
    interrupting: bool
    due: str | None


@dataclass(frozen=True)
class ClosedSubscription:
    """A timer or subscription that nothing is mapped to: no longer waited for."""

    subscription_key: int
    kind: str
    event_id: str


@dataclass(frozen=True)
class MovedFlow:
    """A sequence flow by which tokens wait at a join, that is another one now.

    Attributes:
        times: How many of them.
    """

    from_id: str
    to_id: str
    times: int


@dataclass(frozen=True)
class Migrated:
    """What a migration does.

    Attributes:
        step: State, opened and closed subscriptions; and what followed, should a join have been waiting
            for what cannot come any more.
    """

    step: Step
    elements: tuple[MovedElement, ...]
    kept: tuple[MovedSubscription, ...]
    closed: tuple[ClosedSubscription, ...]
    flows: tuple[MovedFlow, ...]
