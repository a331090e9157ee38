"""The exclusive gateway."""

from collections.abc import Mapping
from typing import Any

from service.engine.elements.base import Element, Flow, element
from service.engine.errors import CONDITION, ElementFailure
from service.engine.machine import Token


def condition_missing(name: str) -> ElementFailure:
    """Return the failure of a fork where no condition is true and no default flow is drawn."""
    return ElementFailure(
        CONDITION,
        f"网关 «{name}» 的条件都不成立，也没有默认出线。",
        f"Expected a condition of gateway '{name}' to be true, or a default flow; there is neither.",
    )


@element("exclusiveGateway")
class ExclusiveGateway(Element):
    """Takes the first flow whose condition is true, in document order, else the default flow."""

    type_name = "EXCLUSIVE_GATEWAY"

    def prepare(self, token: Token) -> Any:
        """Return the id of the flow to take, None when there is no way out at all.

        Source: Camunda 8: a condition that is not boolean stops at once, even if a later one is
        true.
        """
        place = token.workflow.at(token)
        default = self.model.default_flow_id
        for flow in self.flows:
            if flow.id == default:
                continue
            if flow.condition is None or flow.condition.boolean(place):
                return flow.id
        if default is None and self.flows:
            raise condition_missing(self.element_name)
        return default

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Done at once."""
        token.notes["chosen"] = prepared
        return {}

    def leave_with(self, token: Token) -> tuple[Flow, ...]:
        """Return the one flow chosen."""
        return tuple(flow for flow in self.flows if flow.id == token.notes["chosen"])
