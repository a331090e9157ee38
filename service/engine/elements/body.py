"""What stands around a repeated activity: the body of a multi-instance or of a standard loop."""

from typing import ClassVar

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element


class Body(Element):
    """Takes the flows and the boundary events; mappings and listeners are those of the activity inside.

    Attributes:
        inner: The activity itself (set once, by the compiler).
    """

    # Clients know no other name for what stands around repeated activities.
    type_name: ClassVar[str] = "MULTI_INSTANCE_BODY"
    inner: Element

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile it without mappings or listeners of its own."""
        super().__init__(spec, model, name)
        self.make_plain()
