"""Task listeners: a user task asks them, one after the other, before it changes.

The note `task` holds the change that is under way: `event`, `position` of the listener whose job is
open, `asked` (what the command wants) and `changes` (with what listeners have corrected). Where listeners
of all processes are asked, too, `before` and `after` hold type and retries of each: who is asked about a
change is settled when it begins.

Source: Camunda 8 user task listeners, global user task listeners.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.domain.errors import BadInputError
from service.domain.global_listeners import EVENTS, GlobalListeners
from service.engine.elements.base import Element
from service.engine.errors import ElementFailure
from service.engine.job_definition import (
    JobDefinition,
    Listener,
    constant_job,
    listeners_of,
    open_job,
    priority_of,
)
from service.engine.job_results import JobResult, TaskListenerResult
from service.engine.leaving import canceled
from service.engine.machine import Token
from service.engine.triggers import close_all
from service.engine.values import INITIAL_ASSIGNEE, TaskChanged

CHANGING = "changing"
DENIABLE = frozenset({"assigning", "updating", "completing"})


class ListenedTask(Element):
    """What a user task does when something wants to change it."""

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile the listeners."""
        super().__init__(spec, model, name)
        self.task_listeners: Mapping[str, tuple[Listener, ...]] = {
            event: listeners_of(model, "taskListeners", event) for event in EVENTS
        }
        self.listener_priority = priority_of(model)

    def asks(self, event: str, everywhere: GlobalListeners) -> bool:
        """Whether anybody is asked about an event, by the diagram or everywhere."""
        return bool(self.task_listeners[event]) or everywhere.asks(event)

    def change(self, token: Token, event: str, asked: Mapping[str, Any], **notes: Any) -> None:
        """Ask the listeners of an event; the last one's answer tells the caller what to do."""
        token.notes["task"] = {
            "event": event,
            "position": 0,
            "asked": dict(asked),
            "changes": dict(asked),
            **_everywhere(event, token.workflow.surroundings.global_listeners),
            **notes,
        }
        self._ask(token)

    def cancel_first(self, token: Token) -> None:
        """Ask the canceling listeners, unless they are being asked; any other change is off."""
        close_all(token)
        task = token.notes.get("task")
        if task is not None and task["event"] == "canceling":
            return
        self._end_change(token)
        self.change(token, "canceling", {})

    def repeat(self, token: Token) -> None:
        """Ask all listeners of the event again, or try the stage again that failed."""
        if token.notes["incident"] != CHANGING:
            super().repeat(token)
            return
        del token.notes["incident"]
        task = token.notes["task"]
        task.update(position=0, changes=task["asked"])
        self._ask(token)

    def job_done(
        self, token: Token, variables: Mapping[str, Any], result: JobResult | None
    ) -> None:
        """Take a listener's answer; a result of another kind says nothing.

        Raises:
            BadInputError: It corrects and denies, denies what cannot be denied, or gives variables.
        """
        if "task" not in token.notes:
            super().job_done(token, variables, result)
            return
        answer = result if isinstance(result, TaskListenerResult) else TaskListenerResult()
        task = token.notes["task"]
        self._check(task, variables, answer)
        token.workflow.record.end_wait(token.key, "task_listener", is_terminated=False)
        if answer.is_denied:
            self._tell(token, is_denied=True, reason=answer.denied_reason)
            return
        task["changes"] = {**task["changes"], **answer.corrections}
        task["position"] += 1
        self._ask(token)

    def _check(
        self, task: Mapping[str, Any], variables: Mapping[str, Any], answer: TaskListenerResult
    ) -> None:
        event = task["event"]
        if variables:
            raise BadInputError(
                "Expected no variables from a task listener, but got some.", field="variables"
            )
        if answer.is_denied and event not in DENIABLE:
            text = f"Expected no denial: the event '{event}' of a user task cannot be denied."
            raise BadInputError(text, field="result.denied")
        if answer.is_denied and answer.corrections:
            raise BadInputError("Expected corrections or a denial, but got both.", field="result")
        if event == "creating" and "assignee" in answer.corrections and task.get("assignee"):
            raise BadInputError(
                "Expected no correction of the assignee: the diagram names one; correct it when it is"
                " being assigned.",
                field="result.corrections.assignee",
            )

    def _ask(self, token: Token) -> None:
        """Open the job of the next listener; after the last one the change is told."""
        task = token.notes["task"]
        listeners = self._asked(task)
        if task["position"] == len(listeners):
            self._tell(token)
            return
        listener = listeners[task["position"]]
        try:
            terms = listener.terms(token.workflow.at(token))
        except ElementFailure as failure:
            token.workflow.fail(token, CHANGING, failure)
            return
        changes = task["changes"]
        if task.get("assignee"):
            changes = {**changes, INITIAL_ASSIGNEE: task["assignee"]}
        open_job(
            token,
            listener,
            terms,
            kind="TASK_LISTENER",
            event=task["event"].upper(),
            changes=changes,
        )

    def _asked(self, task: Mapping[str, Any]) -> list[JobDefinition]:
        """Return the jobs of all who are asked about a change, in order."""
        own = [listener.job for listener in self.task_listeners[task["event"]]]
        before, after = (
            [
                constant_job(job_type, retries, self.listener_priority, self.model.headers)
                for job_type, retries in task.get(when, ())
            ]
            for when in ("before", "after")
        )
        return [*before, *own, *after]

    def _tell(self, token: Token, *, is_denied: bool = False, reason: str = "") -> None:
        task = token.notes.pop("task")
        event = task["event"]
        if event == "canceling":
            canceled(token)
            return
        assignee = task.get("assignee")
        everywhere = token.workflow.surroundings.global_listeners
        is_new = event == "creating" and assignee is not None
        goes_on = is_new and self.asks("assigning", everywhere)
        token.workflow.record.task_changes.append(
            TaskChanged(
                element_instance_key=token.key,
                event=event.upper(),
                changes={} if is_denied else task["changes"],
                is_denied=is_denied,
                denied_reason=reason,
                state="ASSIGNING" if goes_on else "CREATED",
            )
        )
        if goes_on:
            self.change(token, "assigning", {"assignee": assignee})

    def _end_change(self, token: Token) -> None:
        if token.notes.pop("task", None) is not None:
            if token.notes.get("incident") == CHANGING:
                # The listener that could not be asked is asked no more.
                del token.notes["incident"]
            record = token.workflow.record
            record.end_wait(token.key, "task_listener", is_terminated=True)

    def _on_cancel(self, my_task: Token) -> None:
        self._end_change(my_task)
        super()._on_cancel(my_task)


def _everywhere(event: str, listeners: GlobalListeners) -> dict[str, list[list[Any]]]:
    """Return what a change notes of the listeners of all processes."""
    asked = {"before": listeners.before.get(event), "after": listeners.after.get(event)}
    return {
        when: [[one.type, one.retries] for one in found] for when, found in asked.items() if found
    }
