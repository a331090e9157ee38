"""The event-based gateway: waits for several events, the first one decides."""

from collections.abc import Mapping
from typing import Any

from service.engine.conditions import opened_and_true
from service.engine.elements.base import Element, Flow, element
from service.engine.elements.catch_event import CatchEvent
from service.engine.machine import Token
from service.engine.triggers import Catch, prepare_all


@element("eventBasedGateway")
class EventBasedGateway(Element):
    """All its events subscribe together here; its flow is taken when one happens."""

    type_name = "EVENT_BASED_GATEWAY"

    def own_catches(self) -> tuple[Catch, ...]:
        """Return the events behind it."""
        events = (flow.target for flow in self.flows)
        return tuple(event.own for event in events if isinstance(event, CatchEvent))

    def prepare(self, token: Token) -> Any:
        """Evaluate the subscriptions of all events behind it."""
        return prepare_all(self.own_catches(), token)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Wait for the first event; a condition that is true already decides."""
        for event_id in opened_and_true(prepared, token):
            token.notes.update(chosen=event_id, fired={})
            return {}
        return None

    def choose(self, token: Token, event: Element, payload: Mapping[str, Any]) -> None:
        """Go on to the event that happened; the others are no longer waited for."""
        token.notes["chosen"] = event.element_id
        token.notes["fired"] = dict(payload)
        self.finish(token, {})

    def leave_with(self, token: Token) -> tuple[Flow, ...]:
        """Return the flow to the event that happened."""
        chosen = token.notes["chosen"]
        return tuple(flow for flow in self.flows if flow.target.element_id == chosen)

    def hand_over(self, token: Token) -> Mapping[str, Any]:
        """Give the event's token what the event brought."""
        return {"fired": token.notes["fired"]}
