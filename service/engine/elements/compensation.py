"""Compensation: boundary event with its handler, throw event, end event."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from service.engine import compensating
from service.engine.elements.base import Element, element
from service.engine.elements.scope import EventSubProcess
from service.engine.machine import Token


@element("boundaryEvent:compensate")
class CompensationBoundaryEvent(Element):
    """Passed through when the activity it sits on is undone; starts the handler.

    Attributes:
        handler: The compensation handler (set once, by the compiler).
    """

    type_name = "BOUNDARY_EVENT"
    handler: Element | None = None

    def undo_in(self, scope: Token, notes: Mapping[str, Any]) -> None:
        """Start undoing in the scope of the event that throws."""
        token = scope.enter(self, notes)
        self._update(token)

    def _on_complete_hook(self, my_task: Task) -> None:
        assert self.handler is not None, self.element_id
        notes = {name: my_task.notes[name] for name in ("compensates", "given")}
        self.handler.start_in(my_task.scope, notes)

    def take_inputs(self, token: Token) -> bool:
        """Nothing: the variables that it carries are for the handler."""
        return True


@element("intermediateThrowEvent:compensate")
class CompensationThrowEvent(Element):
    """Undoes the completed activities of its scope, all or one, and waits for the handlers.

    Source: Camunda 8 compensation events: in an event sub-process the scope around counts too.
    """

    type_name = "INTERMEDIATE_THROW_EVENT"

    def begin(self, token: Token, prepared: Any) -> Mapping[str, Any] | None:
        """Start the handlers; nothing to undo, or not to be waited for: done at once.

        Source: BPMN 2.0.2 §10.5.5 (`waitForCompletion`).
        """
        return None if must_undo(token) else {}

    def compensated(self, token: Token) -> None:
        """The last handler has ended."""
        self.finish(token, {})


@element("endEvent:compensate")
class CompensationEndEvent(CompensationThrowEvent):
    """Ends its path when everything is undone."""

    type_name = "END_EVENT"


def must_undo(token: Token) -> bool:
    """Start the handlers of what a throwing event undoes; whether it must wait for them."""
    definition = token.task_spec.model.defines("compensate")
    scopes = _scopes(token)
    records = [r for scope in scopes for r in compensating.take(scope, definition.activity_id)]
    if records:
        compensating.undo(token, records, {})
    return bool(records and definition.waits)


def _scopes(token: Token) -> list[Token]:
    scope = token.scope
    assert scope is not None, token.key
    outer = scope.scope
    is_undoing = "compensates" in scope.notes
    if isinstance(scope.task_spec, EventSubProcess) and outer is not None and not is_undoing:
        return [scope, outer]
    return [scope]
