"""The user task."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.bpmn import ElementModel
from service.domain.priorities import HIGHEST_PRIORITY, NORMAL_PRIORITY
from service.engine.elements.base import element
from service.engine.elements.task_listening import ListenedTask
from service.engine.errors import EXTRACT_VALUE, FORM_NOT_FOUND, ElementFailure
from service.engine.expressions import Formula, formula, optional_formula
from service.engine.machine import Token
from service.engine.missing import missing
from service.engine.place import Place
from service.engine.values import Binding, UserTaskOpened


@dataclass(frozen=True)
class TaskForm:
    """Which form a task has, not yet evaluated.

    Attributes:
        external: That of another program.
    """

    id: Formula | None
    binding: str
    version_tag: str | None
    external: Formula | None


@dataclass(frozen=True)
class TaskValues:
    """What a task says to people, evaluated.

    Attributes:
        external: Reference of a form that another program shows.
    """

    assignee: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: int | None
    external: str | None


@element("userTask")
class UserTask(ListenedTask):
    """Waits for a person; all expressions are evaluated once, after the input mappings."""

    type_name = "USER_TASK"

    def __init__(self, spec: WorkflowSpec, model: ElementModel, name: str | None = None) -> None:
        """Compile who, until when, how urgent, with which form."""
        super().__init__(spec, model, name)
        self.assignee = self._attribute("assignmentDefinition", "assignee", "受理人")
        self.groups = self._attribute("assignmentDefinition", "candidateGroups", "候选组")
        self.users = self._attribute("assignmentDefinition", "candidateUsers", "候选人")
        self.due = self._attribute("taskSchedule", "dueDate", "截止时间")
        self.follow_up = self._attribute("taskSchedule", "followUpDate", "跟进时间")
        self.priority = self._attribute("priorityDefinition", "priority", "优先级")
        self.form = self._form()

    def _attribute(self, tag_name: str, attribute: str, what: str) -> Formula | None:
        tag = self.model.tag(tag_name)
        return optional_formula(what, tag.get(attribute) if tag else None)

    def _form(self) -> TaskForm:
        tag = self.model.tag("formDefinition")
        reference = self.model.form
        return TaskForm(
            None if reference is None or reference.id is None else formula("表单 id", reference.id),
            reference.binding if reference else "latest",
            reference.version_tag if reference else None,
            optional_formula("外部表单", tag.get("externalReference") if tag else None),
        )

    def prepare(self, token: Token) -> Any:
        """Evaluate everything; an empty text is none.

        Raises:
            ElementFailure: A value of the wrong type (of an assignee and an external form null, too: nobody
                may get what was meant for one), or no such form.

        Source: Camunda 8 (BpmnUserTaskBehavior, UserTaskIncidentTest).
        """
        place = token.workflow.at(token)
        return TaskValues(
            assignee=self.assignee_at(place),
            groups=self.groups.strings(place) if self.groups else (),
            users=self.users.strings(place) if self.users else (),
            due_at=self.due.optional_moment(place) if self.due else None,
            follow_up_at=self.follow_up.optional_moment(place) if self.follow_up else None,
            priority=self.priority_at(place),
            form_key=self.form_key_at(token, place),
            external=self.external_form_at(place),
        )

    def assignee_at(self, place: Place) -> str | None:
        """Return whose it is from the beginning, None: nobody's.

        Raises:
            ElementFailure: No text.
        """
        return self.assignee.string(place) or None if self.assignee else None

    def external_form_at(self, place: Place) -> str | None:
        """Return the reference of a form that another program shows, None: there is none.

        Raises:
            ElementFailure: No text.
        """
        return self.form.external.string(place) or None if self.form.external else None

    def priority_at(self, place: Place) -> int:
        """Return how urgent it is.

        Raises:
            ElementFailure: No priority.
        """
        if self.priority is None:
            return NORMAL_PRIORITY
        priority = self.priority.integer(place)
        if not 0 <= priority <= HIGHEST_PRIORITY:
            text = f"优先级应在 0 到 {HIGHEST_PRIORITY} 之间，实际为 {priority}。"
            english = f"Expected a priority of 0 to {HIGHEST_PRIORITY}, but got {priority}."
            raise ElementFailure(EXTRACT_VALUE, text, english)
        return priority

    def form_key_at(self, token: Token, place: Place) -> int | None:
        """Return the key of its form, None: it has none of this house.

        Raises:
            ElementFailure: There is no such form.
        """
        if self.form.id is None:
            return None
        form_id = self.form.id.string(place)
        binding = Binding(form_id, self.form.binding, self.form.version_tag)
        key = token.workflow.surroundings.find_form(binding)
        if key is None:
            text = missing("form", binding)
            raise ElementFailure(FORM_NOT_FOUND, text.marked, text.english)
        return key

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Open the task; listeners hear of it before anybody can take it.

        Source: Camunda 8 user tasks: with a modelled assignee the task is created and then assigned.
        """
        everywhere = token.workflow.surroundings.global_listeners
        creating = self.asks("creating", everywhere)
        is_assigned_later = bool(prepared.assignee) and self.asks("assigning", everywhere)
        state = "CREATING" if creating else "ASSIGNING" if is_assigned_later else "CREATED"
        shown = replace(prepared, assignee=None) if is_assigned_later else prepared
        self.open(token, shown, self.model.headers, state)
        if creating:
            self.change(token, "creating", {}, assignee=prepared.assignee)
        elif is_assigned_later:
            self.change(token, "assigning", {"assignee": prepared.assignee})
        return None

    def open(
        self, token: Token, values: TaskValues, headers: Mapping[str, str], state: str = "CREATED"
    ) -> None:
        """Open the task that a token waits for from now on."""
        token.notes["wait"] = "user_task"
        token.workflow.record.user_tasks.append(
            UserTaskOpened(
                element_instance_key=token.key,
                element_id=self.element_id,
                name=self.element_name,
                assignee=values.assignee,
                candidate_groups=values.groups,
                candidate_users=values.users,
                due_at=values.due_at,
                follow_up_at=values.follow_up_at,
                priority=values.priority,
                form_key=values.form_key,
                external_form_reference=values.external,
                headers=headers,
                properties=self.model.properties,
                loop_counter=_loop_counter(token),
                state=state,
            )
        )


def _loop_counter(token: Token) -> int | None:
    """Return the position in the nearest multi-instance around the token."""
    counters = (around.notes.get("loop_counter") for around in token.around())
    return next((counter for counter in counters if counter is not None), None)
