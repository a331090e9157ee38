"""The parallel gateway."""

from service.engine.elements.base import element
from service.engine.elements.join import Join
from service.engine.machine import Token


@element("parallelGateway")
class ParallelGateway(Join):
    """Waits for one token on each incoming flow, then takes all outgoing flows.

    Source: Camunda 8: arrivals are counted for each flow, a second one on a flow replaces no other.
    """

    type_name = "PARALLEL_GATEWAY"

    def has_joined(self, token: Token) -> bool:
        """Whether every incoming flow has arrived."""
        if len(self.model.incoming) < 2:
            return True
        arrived = token.notes.get("arrived", {})
        return all(arrived.get(flow_id) for flow_id in self.model.incoming)
