"""The token machine: SpiffWorkflow's workflow and task, run over the tree of element instances.

Spiff's tree is used as the tree of element instances: a token's parent is the token of the scope
it lives in (the process, a sub-process, a multi-instance body). A finished token leaves the tree
at once, so the state of a loop does not grow with its rounds. Nothing is predicted: a token is
made when a flow is taken. Tokens carry no data; variables live in scopes (`variables.py`).
"""

from collections import deque
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any, Protocol, cast

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from service.engine.errors import STEP_LIMIT, ElementFailure
from service.engine.place import NOBODY, Place
from service.engine.recorder import Recorder
from service.engine.stored import StoredTokens
from service.engine.values import ElementEvent, IncidentRaised, Surroundings
from service.engine.variables import Variables

ACTIVATING = "activating"
STARTING = "starting"
COMPLETING = "completing"


_KEY = attrgetter("id")


class Behaviour(Protocol):
    """What the machine asks of the element behind a token (see `elements.base.Element`)."""

    name: str
    element_id: str
    element_name: str
    element_type: str
    keeps_variables: bool

    def child_left(self, scope: "Token", child: "Token") -> None:
        """A token inside this scope has completed."""

    def completed(self, token: "Token") -> None:
        """A token has completed; its scope still lives and knows it."""

    def may_fire(self, token: "Token", is_stalled: bool) -> bool:
        """Whether a token that waits at this join may go on now."""

    def fire_join(self, token: "Token") -> None:
        """Let a token that waited at this join go on."""

    def stuck(self, token: "Token") -> None:
        """Undo what a failed activation began."""

    def compensated(self, token: "Token") -> None:
        """All compensation handlers that this event waits for have ended."""


class Token(Task):  # type: ignore[misc]
    """One element instance, as a SpiffWorkflow task.

    Its `notes` are what the element must remember between two steps, JSON values by short names:
    `wait` what it waits for, `subscriptions`, `incident` the stage that failed, `payload` what
    completes it, `unmapped` when only the output mappings are missing, `fired` the payload of the
    event that made it, `loop` and `loop_counter` of multi-instance, `round` of a standard loop,
    `arrived` and `started` flows at a join, `interrupted`, `given` variables that become its locals,
    `listener` the event and position of the listener whose job is open, `compensations` what can be
    undone in it, `compensates` the event it is undone for, `task` the change that task listeners are
    asked about, `leaving` what interrupts when they are done, `announced` when a waiting join was
    told of because it is stuck; of the root `begins_inside` and `ends_after` of a part, `held`, the
    keys of the conditions that came true while the instance was suspended, and `keeps_conditions` when some
    are those of the process it migrated from.
    """

    workflow: "Machine"
    task_spec: Any
    id: int
    _state: int
    _parent: int | None

    def __init__(
        self,
        machine: "Machine",
        spec: Any,
        scope: "Token | None",
        state: int,
        key: int,
        notes: dict[str, Any] | None = None,
    ) -> None:
        """Hang a token into the tree.

        Args:
            machine: The instance.
            spec: The element it is of.
            scope: The token of the scope it lives in; None for the process itself.
            state: A `TaskState`.
            key: The element instance key; also the key of its own variables.
            notes: What it remembers; taken over.
        """
        self.key = key
        super().__init__(machine, spec, scope, state, key)
        self.notes: dict[str, Any] = self.internal_data if notes is None else notes
        self.place: Place | None = None

    @property
    def scope(self) -> "Token | None":
        """The token of the scope it lives in; None for the process itself."""
        # Whoever makes or wakes a token has its scope already.
        scope: Token | None = self.workflow.tasks.get(self._parent)
        return scope

    @property
    def scope_key(self) -> int:
        """The key of its scope; of the process: its own."""
        return self.id if self._parent is None else self._parent

    @property
    def is_live(self) -> bool:
        """Whether it is neither completed nor terminated."""
        return not self._state & TaskState.FINISHED_MASK

    @property
    def is_active(self) -> bool:
        """Whether its element was activated and is not over."""
        return bool(self._state & TaskState.STARTED)

    def enter(self, spec: Any, notes: Mapping[str, Any] | None = None) -> "Token":
        """Return a new token of an element in this scope; `_update` of its spec sets it going."""
        machine = self.workflow
        key = machine.new_key()
        return Token(machine, spec, self, TaskState.FUTURE, key, dict(notes or {}))

    def around(self) -> "Iterator[Token]":
        """Give this token and the scopes around it, innermost first."""
        token: Token | None = self
        while token is not None:
            yield token
            token = token.scope

    def _child_added_notify(self, child: Task) -> None:
        super()._child_added_notify(child)
        self.workflow.entered(cast(Token, child))

    def _set_state(self, value: int) -> None:
        # Spiff's own logs every change with the whole task list and reads the clock: neither is
        # wanted. A token that was terminated while its element ran stays so.
        if self._state & TaskState.FINISHED_MASK:
            return
        self._state = value
        self.workflow.state_changed(self)


class Machine(Workflow):  # type: ignore[misc]
    """One instance in memory for one step.

    Attributes:
        record: What has happened in this step.
        variables: All variables of the instance.
        stored: Its tokens that nobody has asked for yet; `token`, `tokens`, `noted` and `live_in` wake them.
        surroundings: The world of this step.
        conditions_opened: For the conditions subscribed to since variables were last heard, by key: how
            many changes they have missed.
    """

    def __init__(
        self,
        spec: WorkflowSpec,
        key: int,
        variables: Variables,
        surroundings: Surroundings,
        stored: StoredTokens | None = None,
    ) -> None:
        """Make a machine of stored tokens, or an empty one, for `begin` or `plant`."""
        super().__init__(spec, deserializing=True)
        self.key = key
        self.variables = variables
        self.surroundings = surroundings
        self.record = Recorder()
        self.stored = stored or StoredTokens()
        self._inside: dict[int, dict[int, Token]] = {}
        self._ready: deque[Token] = deque()
        self._entered = 0
        self._instances = 0
        self._is_over = False
        self.conditions_opened: dict[int, int] = {}
        self.token(key)

    # -- the tree

    def begin(self, notes: Mapping[str, Any]) -> Token:
        """Make the root token, ready to run."""
        root = self.plant(notes, TaskState.FUTURE)
        self.spec.start._update(root)
        return root

    def plant(self, notes: Mapping[str, Any], state: int) -> Token:
        """Make the root token in a state."""
        root = Token(self, self.spec.start, None, state, self.key, dict(notes))
        self.task_tree = root
        return root

    @property
    def root(self) -> Token:
        """The token of the process itself."""
        return self.task_tree

    def new_key(self) -> int:
        """Return a fresh key."""
        return self.surroundings.new_key()

    def token(self, key: int) -> Token | None:
        """Return the live token of an element instance, or None."""
        found: Token | None = self.tasks.get(key)
        return self._wake(key) if found is None else found

    def tokens(self) -> list[Token]:
        """Return all live tokens, scopes before what is inside them."""
        for key in self.stored.all_keys():
            self.token(key)
        return list(self.tasks.values())

    def noted(self, name: str) -> list[Token]:
        """Return the live tokens that have a note of a name, oldest first (`loop_counter`, `wait`: not all)."""
        for key in self.stored.noted(name):
            self.token(key)
        return sorted((t for t in self.tasks.values() if name in t.notes), key=_KEY)

    def subscriber(self, subscription_key: int) -> Token | None:
        """Return the live token that holds an open subscription, or None."""
        key = self.stored.subscriber(subscription_key)
        if key is not None:
            return self.token(key)
        for token in self.tasks.values():
            if any(s["key"] == subscription_key for s in token.notes.get("subscriptions", ())):
                return cast(Token, token)
        return None

    def live_in(self, scope_key: int) -> list[Token]:
        """Return the live tokens directly in a scope, oldest first."""
        for key in self.stored.inside(scope_key):
            self.token(key)
        return sorted(self._inside.get(scope_key, {}).values(), key=_KEY)

    def is_empty(self, scope_key: int) -> bool:
        """Whether no token lives directly in a scope."""
        return not self._inside.get(scope_key) and self.stored.is_empty(scope_key)

    def _wake(self, key: int) -> Token | None:
        stored = self.stored.take(key)
        if stored is None:
            return None
        if stored.scope_key is None:
            return self.plant(stored.notes, stored.state)
        spec, scope = self.spec.task_specs[stored.name], self.token(stored.scope_key)
        return Token(self, spec, scope, stored.state, key, stored.notes)

    def entered(self, token: Token) -> None:
        """Spiff has hung a token into the tree."""
        self._inside.setdefault(token.scope_key, {})[token.key] = token

    def state_changed(self, token: Token) -> None:
        """Spiff has set a token's state."""
        if token.state == TaskState.READY:
            self._ready.append(token)

    # -- running

    def run(self) -> None:
        """Run everything that is ready, until all tokens wait."""
        self._end_part()
        self._hear()
        while True:
            while self._ready:
                self._run(self._ready.popleft())
                if self._is_over:
                    self._end_part()
                if self.variables.changes:
                    self._hear()
            join = self._open_join()
            if join is None:
                return
            join.task_spec.fire_join(join)

    def ends_after(self, token: Token) -> bool:
        """Whether the instance runs a part of its process only, and that ends with this token."""
        last = self.root.notes.get("ends_after")
        if not last or token.scope is None:
            return False
        return "loop_counter" not in token.notes and token.task_spec.element_id in last

    def _end_part(self) -> None:
        if self._is_over and self.root.is_live:
            self.spec.start.end_part(self.root)

    def _hear(self) -> None:
        """Let conditional events hear which variables have changed."""
        if self.variables.changes:
            self.spec.start.hear(self)

    def _run(self, token: Token) -> None:
        if token.state != TaskState.READY:
            return
        if "loop_counter" in token.notes:
            # How many there may be has a limit of its own; a thousand of them are no run without end.
            self._instances += 1
        else:
            self._entered += 1
        if self._entered <= self.surroundings.limits.entered(self._instances):
            token.run()
            return
        self.event("ACTIVATED", token)
        token._set_state(TaskState.STARTED)
        limit = self.surroundings.limits.entered(self._instances)
        text = f"一步之内进入的元素超过 {limit} 个，已暂停；重试将继续。"
        english = (
            f"More than {limit} elements were entered in one step; it was halted. A retry goes on."
        )
        self.fail(token, ACTIVATING, ElementFailure(STEP_LIMIT, text, english))

    def _open_join(self) -> Token | None:
        """Return a waiting join that nothing can reach any more, or None.

        When there is none, one that only other waiting joins could reach is asked for.
        """
        for key in self.stored.waiting():
            self.token(key)
        waiting = [token for token in self.tasks.values() if token.state == TaskState.WAITING]
        for is_stalled in (False, True):
            for token in waiting:
                if token.task_spec.may_fire(token, is_stalled):
                    return cast(Token, token)
        return None

    def _task_removed_notify(self, task: Task) -> None:
        """Spiff tells its listeners here; there are none."""

    def _task_completed_notify(self, task: Task) -> None:
        """Spiff says a token is complete: it leaves the tree and its scope looks what is left."""
        token = cast(Token, task)
        self.event("COMPLETED", token)
        scope = token.scope
        if self.ends_after(token):
            self._is_over = True
            self._forget(token)
            return
        token.task_spec.completed(token)
        self._hear()
        self._forget(token)
        if scope is not None and scope.is_live:
            scope.task_spec.child_left(scope, token)
        self._undone(token)

    def terminate(self, token: Token) -> None:
        """Terminate a token and everything inside it, innermost first."""
        for child in self.live_in(token.key):
            self.terminate(child)
        was_active = token.is_active or "announced" in token.notes
        token.cancel()
        if was_active:
            self.event("TERMINATED", token)
            self._is_over = self._is_over or self.ends_after(token)
        else:
            # Nobody has been told of it: variables of its own would stand in a scope that never was.
            self.variables.take_back(token.key)
        self._forget(token)
        self._undone(token)

    def _undone(self, token: Token) -> None:
        """Tell the event that waits for compensation handlers when the last one has left."""
        throw = self.token(token.notes.get("compensates", 0))
        if throw is None or not throw.is_live:
            return
        others = self.live_in(throw.scope_key)
        if not any(other.notes.get("compensates") == throw.key for other in others):
            throw.task_spec.compensated(throw)

    def _forget(self, token: Token) -> None:
        # What a token throws when it completes may end its scope, and it with that.
        if token.scope is None or token.key not in self.tasks:
            return
        self.variables.drop(token.key)
        self._inside.get(token.scope_key, {}).pop(token.key, None)
        self._inside.pop(token.key, None)
        self._remove_task(token.key)

    # -- telling

    def event(self, kind: str, token: Token) -> None:
        """Write down that an element instance was activated, completed or terminated."""
        spec: Behaviour = token.task_spec
        self.record.events.append(
            ElementEvent(
                kind,
                token.key,
                spec.element_id,
                spec.element_name,
                spec.element_type,
                token.scope_key,
            )
        )

    def fail(self, token: Token, stage: str, failure: ElementFailure) -> None:
        """Stop one token with an incident; the rest of the instance goes on."""
        token.notes["incident"] = stage
        if stage in (ACTIVATING, STARTING):
            token.task_spec.stuck(token)
        self.record.incidents.append(
            IncidentRaised(
                token.key,
                token.task_spec.element_id,
                failure.error_type,
                failure.text,
            )
        )

    # -- variables and FEEL

    def at(self, token: Token) -> Place:
        """Return the place of a token, from which variables are seen and written."""
        # Asked for several times by each element; the scopes around a token never change.
        place = token.place
        if place is None:
            place = token.place = self._place_of(token)
        return place

    def _place_of(self, token: Token) -> Place:
        chain, keepers = [], NOBODY
        around: Token | None = token
        while around is not None:
            chain.append(around.id)
            if around.task_spec.keeps_variables:
                keepers = keepers | {around.id}
            around = around.scope
        return Place(self.variables, self.surroundings, chain, keepers)
