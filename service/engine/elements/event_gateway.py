"""The event-based gateway: waits for several events, the first one decides."""

from collections.abc import Mapping
from typing import Any

from service.engine.conditions import opened_and_true
from service.engine.elements.base import Element, Flow, element
from service.engine.elements.catch_event import CatchEvent
from service.engine.machine import Token
from service.engine.triggers import Catch, close_all, prepare_all


@element("eventBasedGateway")
class EventBasedGateway(Element):
    """All its events subscribe together here; its flow is taken when one happens.

    One that starts instances begins with the event that did; a parallel one then waits for all others.

    Source: Camunda 8; instantiating gateways: BPMN 2.0.2 §10.6.6.
    """

    type_name = "EVENT_BASED_GATEWAY"

    def own_catches(self) -> tuple[Catch, ...]:
        """Return the events behind it."""
        events = (flow.target for flow in self.flows)
        return tuple(own for e in events if isinstance(e, CatchEvent) for own in e.own)

    def prepare(self, token: Token) -> Any:
        """Evaluate the subscriptions of all events behind it that have not come yet."""
        first = token.notes.get("first")
        if first is None:
            return prepare_all(self.own_catches(), token)
        if not self.model.needs_all:
            return []
        # The keys of the other messages are found in what the first one has brought.
        self._keep(token, first)
        return prepare_all([c for c in self.own_catches() if c.event_id != first], token)

    def _keep(self, token: Token, first: str) -> None:
        place = token.workflow.at(token)
        place.set_local(token.notes["fired"])
        event: Element = token.workflow.spec.task_specs[first]
        place.set_local(event.mappings.outputs_of(place, place))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Wait for the first event; a condition that is true already decides."""
        first = token.notes.pop("first", None)
        if first is not None and not self.model.needs_all:
            token.notes["chosen"] = first
            return {}
        for event_id, brought in opened_and_true(prepared, token):
            token.notes.update(chosen=event_id, fired=dict(brought))
            return {}
        if first is not None:
            self._take(token, first, token.notes.pop("fired"))
        return None

    def choose(self, token: Token, event: Element, payload: Mapping[str, Any]) -> None:
        """Go on to the event that happened; the others are no longer waited for, or still are."""
        if self.model.needs_all:
            close_all(token, {event.element_id})
            self._take(token, event.element_id, payload)
            if "subscriptions" not in token.notes:
                self.finish(token, {})
            return
        token.notes["chosen"] = event.element_id
        token.notes["fired"] = dict(payload)
        self.finish(token, {})

    def _take(self, token: Token, event_id: str, payload: Mapping[str, Any]) -> None:
        """Take the flow to one event of many that all must come."""
        scope = token.scope
        assert scope is not None, self.element_id
        for flow in self.flows:
            if flow.target.element_id == event_id:
                token.workflow.record.flows_taken.append(flow.id)
                flow.target.arrive(scope, flow.id, {"fired": dict(payload)})

    def leave_with(self, token: Token) -> tuple[Flow, ...]:
        """Return the flow to the event that happened; when all have, their flows are taken already."""
        chosen = token.notes.get("chosen")
        return tuple(flow for flow in self.flows if flow.target.element_id == chosen)

    def hand_over(self, token: Token) -> Mapping[str, Any]:
        """Give the event's token what the event brought."""
        return {"fired": token.notes["fired"]}
