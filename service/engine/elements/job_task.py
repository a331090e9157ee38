"""Work for a worker: service and send task, message throw and end, job-based script and rule."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.elements.base import Element, element
from service.engine.elements.linked_resources import linked_header, linked_resources
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
        self.resources = linked_resources(model)

    def prepare(self, token: Token) -> Any:
        """Evaluate the job's terms, and look up what it links."""
        terms = self.definition.terms(token.workflow.at(token))
        return terms, linked_header(token, self.resources)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Open the job."""
        token.notes["wait"] = "job"
        terms, linked = prepared
        headers = {**self.definition.headers, **linked}
        open_job(token, replace(self.definition, headers=headers), terms)
        return None
