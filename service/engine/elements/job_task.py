"""Work for a worker: service and send task, message throw and end, job-based script and rule."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element, element
from service.engine.job_definition import job_definition, open_job
from service.engine.machine import Token

TYPES = {
    "serviceTask": "SERVICE_TASK",
    "sendTask": "SEND_TASK",
    "scriptTask": "SCRIPT_TASK",
    "businessRuleTask": "BUSINESS_RULE_TASK",
    "intermediateThrowEvent": "INTERMEDIATE_THROW_EVENT",
    "endEvent": "END_EVENT",
}


@element("serviceTask", "sendTask", "intermediateThrowEvent:message", "endEvent:message")
class JobTask(Element):
    """Waits for a worker to complete its job."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the job."""
        super().__init__(spec, model, name)
        self.element_type = TYPES[model.kind]
        self.definition = job_definition(model)

    def prepare(self, token: Token) -> Any:
        """Evaluate the job's terms."""
        return self.definition.terms(token.workflow.at(token))

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Open the job."""
        token.notes["wait"] = "job"
        open_job(token, self.definition, prepared)
        return None
