"""Link events: a throw goes on at the catch of the same name in the same scope."""

from SpiffWorkflow.task import Task

from service.engine.elements.base import Element, element


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
        assert self.target is not None, self.element_id
        self.target.start_in(my_task.scope)
