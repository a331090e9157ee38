"""What a job is made of: `zeebe:taskDefinition` and `zeebe:executionListener`, compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.bpmn import ElementModel, ZeebeTag
from service.engine.catching import caught_codes
from service.engine.expressions import Formula, Scope, formula, optional_formula
from service.engine.machine import Token
from service.engine.values import JobOpened

DEFAULT_RETRIES = "3"
THROWING_KINDS = frozenset({"BPMN_ELEMENT", "AD_HOC_SUB_PROCESS"})
"""Kinds of jobs from which a BPMN error may be thrown."""


@dataclass(frozen=True)
class JobTerms:
    """A job's evaluated terms."""

    type: str
    retries: int
    priority: int


@dataclass(frozen=True)
class JobDefinition:
    """How a job is opened.

    Attributes:
        priority: None: 0.
        headers: Static texts for the worker.
    """

    type: Formula
    retries: Formula
    priority: Formula | None
    headers: Mapping[str, str]

    def terms(self, scope: Scope) -> JobTerms:
        """Return type, retries and priority.

        Raises:
            ElementFailure: One of them has the wrong type.
        """
        priority = 0 if self.priority is None else self.priority.integer(scope)
        return JobTerms(self.type.filled_name(scope), self.retries.whole_part(scope), priority)


def job_definition(model: ElementModel) -> JobDefinition:
    """Return the job of an element that has a `zeebe:taskDefinition`."""
    tag = model.tag("taskDefinition")
    assert tag is not None, model.id
    return _definition(tag, "作业", priority_of(model), model.headers)


def constant_job(
    job_type: str, retries: int, priority: Formula | None, headers: Mapping[str, str]
) -> JobDefinition:
    """Return a job whose type and retries are just so, whatever they look like."""
    return JobDefinition(
        Formula("作业类型", job_type, None),
        Formula("重试次数", str(retries), None),
        priority,
        headers,
    )


def open_job(
    token: Token,
    definition: JobDefinition,
    terms: JobTerms,
    *,
    kind: str = "BPMN_ELEMENT",
    event: str = "UNSPECIFIED",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Open a job that a token waits for.

    Args:
        token: Who waits; one token has one open job at most.
        definition: The job, for its headers.
        terms: Its evaluated terms.
        kind: Camunda 8's name of the kind of job.
        event: Camunda 8's name of the listener's event.
        changes: Of a task listener: what shall change.
    """
    place = token.workflow.at(token)
    element = token.task_spec
    token.workflow.record.jobs.append(
        JobOpened(
            element_instance_key=token.key,
            element_id=element.element_id,
            type=terms.type,
            retries=terms.retries,
            priority=terms.priority,
            headers=definition.headers,
            variables=place.visible(),
            caught_errors=caught_codes(token) if kind in THROWING_KINDS else (),
            kind=kind,
            listener_event_type=event,
            task_changes=changes,
        )
    )


def priority_of(model: ElementModel) -> Formula | None:
    """Return the priority of the jobs of an element (or of a process, for all that have none), or None.

    Source: Camunda 8.10 (`zeebe:jobPriorityDefinition`; an empty one says 0, ZeebeJobPriorityDefinition).
    """
    tag = model.tag("jobPriorityDefinition")
    return optional_formula("作业优先级", (tag.get("priority") or None) if tag else None)


@dataclass(frozen=True)
class Listener:
    """One listener: when it is called, and its job."""

    event: str
    job: JobDefinition

    @property
    def event_type(self) -> str:
        """Its event as Camunda 8 tells it to workers: `BEFORE_ALL`."""
        return re.sub(r"(?=[A-Z])", "_", self.event).upper()


def listeners_of(model: ElementModel, tag_name: str, event: str) -> tuple[Listener, ...]:
    """Return the listeners of an element for one event, in document order.

    Args:
        model: The element.
        tag_name: `executionListeners` or `taskListeners`.
        event: `start`, `completing` ...

    Source: Camunda 8 execution listeners (a listener's header stands above the element's).
    """
    holder = model.tag(tag_name)
    if holder is None:
        return ()
    found = [tag for tag in holder.children if tag.get("eventType") == event]
    priority = priority_of(model)
    return tuple(
        Listener(event, _definition(tag, "监听器", priority, {**model.headers, **_headers(tag)}))
        for tag in found
    )


def _definition(
    tag: ZeebeTag, what: str, priority: Formula | None, headers: Mapping[str, str]
) -> JobDefinition:
    return JobDefinition(
        formula(f"{what}类型", tag.get("type") or ""),
        formula("重试次数", tag.get("retries") or DEFAULT_RETRIES),
        priority,
        headers,
    )


def _headers(listener: ZeebeTag) -> dict[str, Any]:
    pairs = [
        (header.get("key"), header.get("value"))
        for tag in listener.children
        if tag.name == "taskHeaders"
        for header in tag.children
    ]
    return {key: value for key, value in pairs if key and value}
