"""The user task without `zeebe:userTask`: a job for an outside inbox.

Source: Camunda 8 user tasks (job worker implementation): the type is fixed, retries are 1, who and
until when travel in headers.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.domain.identifiers import RESERVED_HEADER
from service.engine.elements.user_task import UserTask
from service.engine.expressions import formula
from service.engine.job_definition import JobDefinition, open_job, priority_of
from service.engine.machine import Token

JOB_TYPE = "io.camunda.zeebe:userTask"


class JobUserTask(UserTask):
    """Waits for a worker to complete its job; no user task is opened."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the job beside all that a user task has."""
        super().__init__(spec, model, name)
        tag = model.tag("formDefinition")
        self.embedded_form = tag.get("formKey") if tag else None
        self.job = JobDefinition(
            formula("作业类型", JOB_TYPE),
            formula("重试次数", "1"),
            priority_of(model),
            model.headers,
        )

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Open the job."""
        token.notes["wait"] = "job"
        terms = self.job.terms(token.workflow.at(token))
        headers = {**self.job.headers, **self._told(prepared)}
        open_job(token, replace(self.job, headers=headers), terms)
        return None

    def _told(self, prepared: Any) -> dict[str, str]:
        values = {
            "assignee": prepared.assignee,
            "candidateGroups": _list_text(prepared.groups),
            "candidateUsers": _list_text(prepared.users),
            "dueDate": prepared.due_at and prepared.due_at.isoformat(),
            "followUpDate": prepared.follow_up_at and prepared.follow_up_at.isoformat(),
            "formKey": self.embedded_form or (prepared.form_key and str(prepared.form_key)),
        }
        return {f"{RESERVED_HEADER}{name}": value for name, value in values.items() if value}


def _list_text(names: tuple[str, ...]) -> str | None:
    return orjson.dumps(list(names)).decode() if names else None
