"""What goes into the engine and what comes out: values only, no SpiffWorkflow type.

One engine call is one *step*: it takes an instance from one wait state to the next and tells, as
data, everything that happened on the way. The caller writes it down in one transaction. Variables
are JSON values here; the engine turns them into FEEL values and back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain import global_listeners
from service.domain.cluster_variables import platform
from service.domain.global_listeners import GlobalListeners
from service.engine.waits import (
    ConditionOpened,
    ErrorThrown,
    EscalationThrown,
    SignalSubscriptionOpened,
    SignalThrown,
    SubscriptionOpened,
    TimerOpened,
)
from service.feel import Function, Text


@dataclass(frozen=True)
class Limits:
    """Bounds of one step; passing one raises an incident at the element, never an endless run.

    Attributes:
        steps: Elements that may be entered in one step.
        instance_steps: As many more for each instance of a multi-instance that begins in it.
        all_instance_steps: The most that these add up to: a loop around one has an end, too.
        multi_instance: Items of one multi-instance body.
        variables_bytes: JSON bytes of all variables of one instance.
        call_depth: Call activities inside each other (checked by the caller, who knows the
            parents).
    """

    steps: int = 1000
    instance_steps: int = 50
    all_instance_steps: int = 50_000
    multi_instance: int = 10_000
    variables_bytes: int = 4 * 1024 * 1024
    call_depth: int = 20

    def entered(self, instances: int) -> int:
        """Return how many elements a step may enter in which so many instances have begun."""
        return self.steps + min(self.instance_steps * instances, self.all_instance_steps)


@dataclass(frozen=True)
class Binding:
    """How a called thing is found (`bindingType` of Camunda 8).

    Attributes:
        id: Process id, decision id or form id, already evaluated.
        kind: `latest`, `deployment` or `versionTag`.
        version_tag: The tag when `kind` is `versionTag`, else None.
    """

    id: str
    kind: str = "latest"
    version_tag: str | None = None


@dataclass(frozen=True)
class DecisionAnswer:
    """What the caller found out for a business rule task.

    Attributes:
        decision_key: Key of the decision definition that answered; None when none was found.
        output: The result, a JSON value.
        record: Opaque: handed back in `DecisionEvaluated` for the history.
        failure: None, or why there is no result.
        error_type: `CALLED_DECISION_ERROR` (not found) or `DECISION_EVALUATION_ERROR`.
    """

    decision_key: int | None
    output: Any
    record: Any = None
    failure: Text | None = None
    error_type: str = "DECISION_EVALUATION_ERROR"


@dataclass(frozen=True)
class Surroundings:
    """All that a step may ask of the world. Every call must answer at once and change nothing.

    Attributes:
        now: Aware; the only clock the step sees.
        new_key: A fresh key at each call, growing.
        decide: Evaluates a decision over the visible variables (JSON values).
        find_process: Key of the process definition a call activity means, or None.
        may_be_called: Whether the process definition of a key has a none start event.
        find_form: Key of the form a user task means, or None.
        find_resource: Key of the file of another kind that a job links, or None.
        caught_above: Whether an ancestor instance catches this error code thrown by this instance.
        escalated_above: Whether the event of an ancestor instance that catches this escalation code
            interrupts; None: nobody there catches it.
        hears_its_end: Whether somebody in the instance that a call activity has called must hear of its end.
        is_suspended: Whether conditional events only note that they came true (`resume`).
        functions: Extra FEEL functions (working time).
        platform: Seen by FEEL as `camunda`: the cluster variables, and the process instance
            (`domain.cluster_variables`).
        global_listeners: Who is asked before any user task changes, beside those of the diagram.
        limits: Bounds of the step.
    """

    now: datetime
    new_key: Callable[[], int]
    decide: Callable[[Binding, Mapping[str, Any]], DecisionAnswer]
    find_process: Callable[[Binding], int | None]
    find_form: Callable[[Binding], int | None]
    may_be_called: Callable[[int], bool] = lambda process_key: True
    find_resource: Callable[[Binding], int | None] = lambda binding: None
    caught_above: Callable[[str], bool] = lambda code: False
    escalated_above: Callable[[str], bool | None] = lambda code: None
    hears_its_end: Callable[[int], bool] = lambda element_instance_key: False
    is_suspended: bool = False
    functions: Mapping[str, Function] = field(default_factory=dict)
    platform: Mapping[str, Any] = field(default_factory=lambda: platform({}, {}))
    global_listeners: GlobalListeners = global_listeners.NONE
    limits: Limits = Limits()


@dataclass(frozen=True)
class Part:
    """Which part of a process an instance runs; by default all of it.

    Attributes:
        begins_at: Elements it begins at, in place of a start event.
        ends_after: Elements after any of which it is terminated, once that one has completed or was
            terminated; of a loop, all of it.
    """

    begins_at: tuple[str, ...] = ()
    ends_after: tuple[str, ...] = ()


WHOLE = Part()
"""All of a process."""


@dataclass(frozen=True)
class Instance:
    """A process instance between two steps.

    Attributes:
        key: Process instance key; also the key of its root scope.
        state: The engine's own compact blob (format version inside). Opaque to everybody else.
        scopes: Variables by scope key (element instance key; root: `key`), then by name; JSON
            values.
    """

    key: int
    state: bytes
    scopes: Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class VariableWritten:
    """A variable of a scope has a new value."""

    scope_key: int
    name: str
    value: Any


@dataclass(frozen=True)
class ElementEvent:
    """Something happened to an element instance, in order of happening.

    Attributes:
        kind: `ACTIVATED`, `COMPLETED` or `TERMINATED`.
        element_type: Camunda 8's name: `USER_TASK`, `EXCLUSIVE_GATEWAY`, `MULTI_INSTANCE_BODY` ...
        scope_key: Key of the flow scope it lives in (root: the instance's key).
    """

    kind: str
    element_instance_key: int
    element_id: str
    element_name: str
    element_type: str
    scope_key: int


@dataclass(frozen=True)
class UserTaskOpened:
    """A user task waits for a person. Expressions are evaluated; dates are aware.

    Attributes:
        properties: `zeebe:properties` of the element, static.
        loop_counter: Position in the multi-instance, from 1; None outside.
        state: `CREATED`, or what its listeners are asked about first: `CREATING`, `ASSIGNING`.
    """

    element_instance_key: int
    element_id: str
    name: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: int | None
    external_form_reference: str | None
    headers: Mapping[str, str]
    properties: Mapping[str, str]
    loop_counter: int | None
    state: str = "CREATED"


@dataclass(frozen=True)
class TaskChanged:
    """The listeners of a user task have been asked: the change may happen, or was denied.

    Attributes:
        event: `CREATING`, `ASSIGNING`, `UPDATING` or `COMPLETING`.
        changes: What the command asked for with what listeners have corrected, by field of the task;
            JSON values.
        state: Where the task is then, unless it completes.
    """

    element_instance_key: int
    event: str
    changes: Mapping[str, Any]
    is_denied: bool
    denied_reason: str
    state: str


INITIAL_ASSIGNEE = "initial_assignee"
"""Under this name the changes of a creating listener's job hold whom the diagram names, who is no change."""


@dataclass(frozen=True)
class JobOpened:
    """Work for a worker: the work of an element, or a listener's.

    Attributes:
        variables: All that the element sees at this moment, innermost first merged; JSON values.
        caught_errors: Error codes that somebody in this instance catches from here; `""` is
            catch-all.
        priority: Higher ones are given out first.
        kind: `BPMN_ELEMENT`, `EXECUTION_LISTENER`, `TASK_LISTENER` or `AD_HOC_SUB_PROCESS`.
        listener_event_type: `START`, `END`, `COMPLETING` ..., `UNSPECIFIED` for no listener.
        task_changes: Of a task listener: what shall change, with what others have corrected; and, while the
            task is being created, whom the diagram names as `INITIAL_ASSIGNEE`.
    """

    element_instance_key: int
    element_id: str
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    caught_errors: tuple[str, ...] = ()
    priority: int = 0
    kind: str = "BPMN_ELEMENT"
    listener_event_type: str = "UNSPECIFIED"
    task_changes: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class CallOpened:
    """A call activity waits for a child instance that the caller must create.

    Attributes:
        process_key: Definition key found by `find_process`.
        variables: Root variables of the child (JSON values).
        business_id: That of the child, None: it has none; unless it has its caller's.
        inherits_business_id: Whether the child has its caller's business id.
    """

    element_instance_key: int
    element_id: str
    process_key: int
    variables: Mapping[str, Any]
    business_id: str | None = None
    inherits_business_id: bool = True


@dataclass(frozen=True)
class WaitOver:
    """An element instance no longer waits for what the caller was told of before this step.

    Attributes:
        kind: `user_task`, `job`, `task_listener` or `call`.
        is_terminated: False when the command itself brought what was waited for.
    """

    element_instance_key: int
    kind: str
    is_terminated: bool


@dataclass(frozen=True)
class DecisionEvaluated:
    """A business rule task called a decision; `record` is what `decide` gave."""

    element_instance_key: int
    element_id: str
    decision_key: int | None
    record: Any


@dataclass(frozen=True)
class IncidentRaised:
    """An element cannot go on without an operator. `retry` tries again.

    Attributes:
        error_type: Camunda 8's names (`EXTRACT_VALUE_ERROR`, `CONDITION_ERROR`, ...).
        text: What was expected, what is so; holds the FEEL diagnostics. A text that nobody of this house has
            written, such as a worker's, is told to every reader as it is.
    """

    element_instance_key: int
    element_id: str
    error_type: str
    text: Text | str

    @property
    def message(self) -> str:
        """The text in Simplified Chinese, or as a stranger wrote it."""
        return str(self.text)


@dataclass(frozen=True)
class Step:
    """Everything one engine call did.

    Attributes:
        state: The new blob; empty when the instance has ended.
        ended: None while it runs, else `COMPLETED` or `TERMINATED`.
        closed: Keys of timers and subscriptions that are over.
        subscriptions_closed: Those of `closed` that were opened before this step, by kind: `timer`,
            `message`, `signal`, `condition`. The caller removes or ends the rows.
        task_changes: What listeners of user tasks have decided.
        called_off: Call activities whose called instance shall be terminated; they wait for its end.
        over: Waits for a task, a job or a call that are over, likewise.
        scopes_dropped: Scope keys whose local variables are gone.
        flows_taken: Ids of sequence flows, in order, with repetition.
        thrown: Set when the instance ended by an error for its caller.
        root_variables: All root variables after the step, for call outputs; only when ended.
    """

    state: bytes
    ended: str | None = None
    variables: tuple[VariableWritten, ...] = ()
    events: tuple[ElementEvent, ...] = ()
    flows_taken: tuple[str, ...] = ()
    user_tasks: tuple[UserTaskOpened, ...] = ()
    jobs: tuple[JobOpened, ...] = ()
    timers: tuple[TimerOpened, ...] = ()
    subscriptions: tuple[SubscriptionOpened, ...] = ()
    signal_subscriptions: tuple[SignalSubscriptionOpened, ...] = ()
    conditions: tuple[ConditionOpened, ...] = ()
    signals: tuple[SignalThrown, ...] = ()
    calls: tuple[CallOpened, ...] = ()
    called_off: tuple[int, ...] = ()
    decisions: tuple[DecisionEvaluated, ...] = ()
    incidents: tuple[IncidentRaised, ...] = ()
    closed: tuple[int, ...] = ()
    subscriptions_closed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    over: tuple[WaitOver, ...] = ()
    task_changes: tuple[TaskChanged, ...] = ()
    scopes_dropped: tuple[int, ...] = ()
    thrown: ErrorThrown | None = None
    escalations: tuple[EscalationThrown, ...] = ()
    root_variables: Mapping[str, Any] | None = None
