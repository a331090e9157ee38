"""Work for a worker: service and send task, message throw and end, job-based script and rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.engine.catching import caught_codes
from service.engine.elements.base import Element, element
from service.engine.expressions import Formula, formula
from service.engine.machine import Token
from service.engine.values import JobOpened

TYPES = {
    "serviceTask": "SERVICE_TASK",
    "sendTask": "SEND_TASK",
    "scriptTask": "SCRIPT_TASK",
    "businessRuleTask": "BUSINESS_RULE_TASK",
    "intermediateThrowEvent": "INTERMEDIATE_THROW_EVENT",
    "endEvent": "END_EVENT",
}


@dataclass(frozen=True)
class JobDefinition:
    """`zeebe:taskDefinition`, compiled."""

    type: Formula
    retries: Formula


@element("serviceTask", "sendTask", "intermediateThrowEvent:message", "endEvent:message")
class JobTask(Element):
    """Waits for a worker to complete its job."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile type and retries."""
        super().__init__(spec, model, name)
        tag = model.tag("taskDefinition")
        assert tag is not None, model.id
        self.element_type = TYPES[model.kind]
        self.definition = JobDefinition(
            formula("作业类型", tag.get("type") or ""),
            formula("重试次数", tag.get("retries") or "3"),
        )

    def prepare(self, token: Token) -> Any:
        """Evaluate type and retries."""
        place = token.workflow.at(token)
        return self.definition.type.string(place), self.definition.retries.integer(place)

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Open the job."""
        job_type, retries = prepared
        place = token.workflow.at(token)
        token.notes["wait"] = "job"
        token.workflow.record.jobs.append(
            JobOpened(
                element_instance_key=token.key,
                element_id=self.element_id,
                type=job_type,
                retries=retries,
                headers=self.model.headers,
                properties=self.model.properties,
                variables=place.visible(),
                locals=place.local(),
                caught_errors=caught_codes(token),
            )
        )
        return None
