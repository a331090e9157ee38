"""Link events: a throw goes on at the catch of the same name in the same scope."""

from typing import Any

from SpiffWorkflow.task import Task

from service.engine.elements.base import Element, element
from service.engine.machine import Token


@element("intermediateCatchEvent:link")
class LinkCatchEvent(Element):
    """Where throws of its name come out; has no incoming flow."""

    type_name = "INTERMEDIATE_CATCH_EVENT"


@element("intermediateThrowEvent:link")
class LinkThrowEvent(Element):
    """Jumps.

    Attributes:
        target: The catch of its name (set once, by the compiler).
    """

    type_name = "INTERMEDIATE_THROW_EVENT"
    target: Element | None = None

    def _on_complete_hook(self, my_task: Task) -> None:
        jump(self, my_task)


def jump(throw: Any, token: Token) -> None:
    """Go on at the target of a throw; a multiple event that waits for other things too waits no more."""
    target, scope = throw.target, token.scope
    assert target is not None, throw.element_id
    assert scope is not None, token.key
    target.start_in(scope, {} if isinstance(target, LinkCatchEvent) else {"fired": {}})
