"""Modifying a running instance by hand: activate elements, move tokens, terminate element instances.

All instructions or none: a refused one raises before anything is kept. Activations come first, so
that a scope whose last token is terminated lives on when something was activated in it.

Source: Camunda 8 process instance modification.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.bpmn import ElementModel
from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.conditions import hear_at_once
from service.engine.elements.ad_hoc import AdHocSubProcess
from service.engine.elements.multi_instance import MultiInstanceBody
from service.engine.elements.scope import Scope
from service.engine.elements.standard_loop import StandardLoopBody
from service.engine.errors import ElementFailure
from service.engine.job_results import AdHocActivation
from service.engine.leaving import leave, terminated
from service.engine.machine import Machine, Token
from service.engine.modified_scopes import (
    no_ancestor,
    not_active,
    refused,
    require_kept,
    require_once,
)
from service.engine.place import Place
from service.engine.stepping import checked, finish_step
from service.engine.values import Instance, Step, Surroundings

BODIES = (MultiInstanceBody, StandardLoopBody)

DIRECT, INFERRED, SOURCE_PARENT = "direct", "inferred", "sourceParent"
"""How a move finds the scope of its target: as told, among the source's scopes, the source's own."""


@dataclass(frozen=True)
class ScopedVariables:
    """Variables to set before an activation.

    Attributes:
        scope_id: The element itself or a scope around it, where they become local; None: the process
            instance.
    """

    variables: Mapping[str, Any]
    scope_id: str | None = None


@dataclass(frozen=True)
class Activate:
    """Activate an element.

    Attributes:
        ancestor_key: The element instance of a scope around it to do that in; scopes between are
            made. None: in the one active instance of its scope, which is made when there is none.
    """

    element_id: str
    variables: tuple[ScopedVariables, ...] = ()
    ancestor_key: int | None = None


@dataclass(frozen=True)
class Move:
    """Terminate element instances and activate the target for each.

    Attributes:
        source: The id of an element, all instances of which are meant, or an element instance key.
        ancestor: `DIRECT`, `INFERRED` or `SOURCE_PARENT`.
        ancestor_key: With `DIRECT`: as in `Activate`.
        may_be_absent: Whether it is left out when there is no such source, unless none of the moves has one.
    """

    source: str | int
    target_id: str
    variables: tuple[ScopedVariables, ...] = ()
    ancestor: str = DIRECT
    ancestor_key: int | None = None
    may_be_absent: bool = False


@dataclass(frozen=True)
class Modification:
    """What to do.

    Attributes:
        terminate: Ids of elements, all instances of which are meant, or element instance keys.
    """

    activate: tuple[Activate, ...] = ()
    move: tuple[Move, ...] = ()
    terminate: tuple[str | int, ...] = ()


def modify(
    process: CompiledProcess,
    instance: Instance,
    modification: Modification,
    surroundings: Surroundings,
) -> Step:
    """Return the step after a modification; it may terminate the instance.

    Raises:
        BadInputError: An instruction names what is not there, or cannot be carried out.
    """
    machine = decode(process, instance, surroundings)
    editor = _Editor(process, machine)
    require_once(move.source for move in modification.move)
    gone = [token for source in modification.terminate for token in editor.tokens(source)]
    for activation in modification.activate:
        editor.activate(activation)
    for move in _found(editor, modification.move):
        gone += editor.move(move)
    for element_id, scope in editor.used:
        require_kept(element_id, scope, gone)
    for token in gone:
        editor.terminate(token)
    for scope in editor.made:
        if scope.is_live:
            hear_at_once(scope)
    return finish_step(machine)


def _found(editor: "_Editor", moves: tuple[Move, ...]) -> list[Move]:
    """Return the moves to carry out: all but those that may be absent and are."""
    found = [move for move in moves if not move.may_be_absent or editor.active(move.source)]
    if moves and not found:
        raise not_active(*(move.source for move in moves))
    return found


def activate(process: CompiledProcess, machine: Machine, activation: Activate) -> None:
    """Make a token of an element in a machine; it runs with the next `machine.run()`.

    Raises:
        BadInputError: It cannot be activated.
    """
    _Editor(process, machine).activate(activation)


class _Editor:
    """Carries out single instructions on a machine.

    Attributes:
        made: The scopes it had to make; their conditional events are asked when all is done.
        used: The elements it has activated, with the scope of each.
    """

    def __init__(self, process: CompiledProcess, machine: Machine) -> None:
        self.model = process.model
        self.machine = machine
        self.made: list[Token] = []
        self.used: list[tuple[str, Token]] = []

    # -- activating

    def activate(self, activation: Activate) -> None:
        """Make a token of an element; it runs when all instructions are carried out."""
        element = self._activatable(activation.element_id)
        if activation.ancestor_key is None and any(
            s.loop or s.standard_loop for s in self._parents(element)
        ):
            raise refused(
                "inside_multi_instance",
                f"Expected '{element.id}' to be outside of multi-instance activities, but it is "
                "inside; move a token there instead.",
                element_id=element.id,
            )
        self._activate(element, activation.variables, activation.ancestor_key)

    def move(self, move: Move) -> list[Token]:
        """Activate the target once for each source; return the sources, not terminated yet."""
        target = self._activatable(move.target_id)
        sources = self.tokens(move.source)
        for source in sources:
            if is_inner(source):
                raise refused(
                    "inner_instance",
                    f"Expected to move a whole multi-instance body, but '{source.key}' is one of "
                    "its inner instances.",
                    element_instance_key=source.key,
                )
            ancestor_key = self._ancestor_of_move(move, target, source)
            self._activate(target, move.variables, ancestor_key)
        return sources

    def _ancestor_of_move(self, move: Move, target: ElementModel, source: Token) -> int | None:
        if move.ancestor == DIRECT:
            return move.ancestor_key
        if move.ancestor == SOURCE_PARENT:
            return source.scope_key
        ids = {scope.id for scope in self._parents(target)} | {self.model.id}
        return next(
            token.key
            for token in source.around()
            if token is not source
            and token.task_spec.model.id in ids
            and isinstance(token.task_spec, Scope)
        )

    def _activatable(self, element_id: str) -> ElementModel:
        element = self.model.elements.get(element_id)
        if element is None:
            raise refused(
                "unknown_element",
                f"Expected '{element_id}' to be an element of the process '{self.model.id}', "
                "but it is none.",
                element_id=element_id,
            )
        flows = (self.model.flows[flow_id].source_id for flow_id in element.incoming)
        is_behind_gateway = any(self._kind(source) == "eventBasedGateway" for source in flows)
        if element.kind in ("startEvent", "boundaryEvent") or is_behind_gateway:
            raise refused(
                "not_activatable",
                f"Expected to activate an element that is no start or boundary event and stands "
                f"behind no event-based gateway, but '{element_id}' is one.",
                element_id=element_id,
            )
        return element

    def _kind(self, element_id: str) -> str:
        return self.model.elements[element_id].kind

    def _parents(self, element: ElementModel) -> Iterator[ElementModel]:
        """Give the sub-processes around an element, innermost first; not the process itself."""
        parent = self.model.elements.get(element.parent_id)
        while parent is not None:
            yield parent
            parent = self.model.elements.get(parent.parent_id)

    def _activate(
        self,
        element: ElementModel,
        variables: tuple[ScopedVariables, ...],
        ancestor_key: int | None,
    ) -> None:
        were_made = len(self.made)
        scope = self._scope_for(element, ancestor_key)
        self.used.append((element.id, scope))
        own: dict[str, Any] = {}
        for given in variables:
            limits = self.machine.surroundings.limits
            payload = checked(self.machine.variables, given.variables, limits)
            if given.scope_id == element.id:
                own.update(payload)
            else:
                self._place_of(element, scope, given.scope_id).set_local(payload)
        for made in self.made[were_made:]:
            self._open_catches(made)
        if isinstance(scope.task_spec, AdHocSubProcess):
            # Each activity of it has a scope of its own.
            scope.task_spec.activate(scope, [AdHocActivation(element.id, own=own)])
            return
        spec = self.machine.spec.task_specs[element.id]
        token = scope.enter(spec, {"given": own} if own else None)
        # A join that is activated by hand waits for nobody.
        token._ready()

    def _scope_for(self, element: ElementModel, ancestor_key: int | None) -> Token:
        """Return the token of the scope of an element; scopes that are not there are made."""
        wanted = list(self._parents(element))
        if ancestor_key is None:
            return self._innermost(element, wanted, self.machine.root, may_share=True)
        ancestor = self.machine.token(ancestor_key)
        ids = [scope.id for scope in wanted] + [self.model.id]
        is_around = (
            ancestor is not None
            and isinstance(ancestor.task_spec, Scope)
            and ancestor.task_spec.model.id in ids
        )
        if ancestor is None or not is_around:
            raise no_ancestor(element.id, ancestor_key)
        inner = wanted[: ids.index(ancestor.task_spec.model.id)]
        return self._innermost(element, inner, ancestor, may_share=False)

    def _innermost(
        self, element: ElementModel, scopes: list[ElementModel], outer: Token, *, may_share: bool
    ) -> Token:
        """Return the innermost of nested scopes below a token.

        Args:
            element: For refusals.
            scopes: Innermost first.
            outer: The token around the outermost of them.
            may_share: Whether an active instance is taken; else every scope is made anew.
        """
        token = outer
        for model in reversed(scopes):
            found = self._active_in(token, model.id) if may_share else []
            if len(found) > 1:
                raise refused(
                    "several_scopes",
                    f"Expected one active instance of '{model.id}', the scope of '{element.id}', "
                    f"but there are {len(found)}; name one by its key.",
                    element_id=element.id,
                    scope_id=model.id,
                )
            token = found[0] if found else self._open_scope(token, model)
        return token

    def _active_in(self, outer: Token, scope_id: str) -> list[Token]:
        """Return the active instances of a scope below a token; a body stands between."""
        found = []
        for token in self.machine.live_in(outer.key):
            if token.task_spec.element_id != scope_id or not token.is_active:
                continue
            is_body = isinstance(token.task_spec, BODIES)
            found += self._active_in(token, scope_id) if is_body else [token]
        return found

    def _open_scope(self, outer: Token, model: ElementModel) -> Token:
        """Make an active scope with nothing in it: no start event, no input mappings, nothing subscribed to."""
        spec = self.machine.spec.task_specs[model.id]
        if not isinstance(spec, Scope):
            raise refused(
                "no_scope",
                f"Expected an active instance of '{model.id}', but there is none, and one cannot "
                "be made from outside.",
                scope_id=model.id,
            )
        token = outer.enter(spec)
        token._set_state(TaskState.STARTED)
        self.machine.event("ACTIVATED", token)
        self.made.append(token)
        return token

    def _open_catches(self, scope: Token) -> None:
        """Subscribe to the events of a scope that was made; they see the variables that were set before."""
        scope_id = scope.task_spec.element_id
        try:
            scope.task_spec.open_catches(scope)
        except ElementFailure as failure:
            raise refused(
                "no_subscription",
                f"Expected the events of '{scope_id}' to be subscribed to, but: {failure.text:en}",
                target_id=scope_id,
                because=failure.text,
            ) from failure

    def _place_of(self, element: ElementModel, scope: Token, scope_id: str | None) -> Place:
        """Return where variables become local: in a scope around an element, or the process instance."""
        if scope_id is None:
            return self.machine.at(self.machine.root)
        for token in scope.around():
            is_body = isinstance(token.task_spec, BODIES)
            if token.task_spec.element_id == scope_id and not is_body:
                return self.machine.at(token)
        raise refused(
            "no_variable_scope",
            f"Expected '{scope_id}' to be '{element.id}' or a scope around it, but it is not.",
            element_id=element.id,
            scope_id=scope_id,
        )

    # -- terminating

    def tokens(self, source: str | int) -> list[Token]:
        """Return the active element instances that an id or a key names; of loops the bodies.

        Raises:
            BadInputError: There is none.
        """
        found = self.active(source)
        if not found:
            raise not_active(source)
        return found

    def active(self, source: str | int) -> list[Token]:
        """Return as `tokens`, maybe none."""
        if isinstance(source, int):
            token = self.machine.token(source)
            return [token] if token is not None and token.is_active else []
        return [
            token
            for token in self.machine.tokens()
            if token.task_spec.element_id == source and token.is_active and not is_inner(token)
        ]

    def terminate(self, token: Token) -> None:
        """Terminate a token, and every scope around it that is empty then.

        Where that was the last one whom an interruption around it has waited for, that goes on.

        Source: Camunda 8 (ExecutionListenerCancelTest): listeners of the process hear that it ends so, too.
        """
        if not token.is_live:
            # Another instruction has terminated the scope it was in.
            return
        scope = token.scope
        if terminated(token):
            return
        while scope is not None and scope.is_live:
            if "loop" in scope.notes and is_inner(token):
                loop = scope.notes["loop"]
                loop["terminated"] = loop.get("terminated", 0) + 1
            if isinstance(scope.task_spec, AdHocSubProcess):
                scope.task_spec.start_queued(scope)
            if not self.machine.is_empty(scope.key):
                return
            if scope.scope is None:
                leave(scope, {})
                return
            token, scope = scope, scope.scope
            self.machine.terminate(token)


def is_inner(token: Token) -> bool:
    """Whether a token is one of the instances inside a loop's body."""
    return bool(token.task_spec.name != token.task_spec.element_id)
