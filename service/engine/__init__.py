"""The engine: runs BPMN processes from wait state to wait state. Nobody else knows SpiffWorkflow.

SpiffWorkflow 3.2.0, unmodified, is the token machine: its `Workflow`, `Task` and `TaskSpec` carry
every element instance from ready over running to completed or cancelled. Of it only the core is
used. Its BPMN layer is not even imported: it evaluates Python out of diagrams, keeps data in
tokens and is silently wrong at joins, event sub-processes, multi-instance and errors. So each
element is a task spec of our own (`elements/`, one file each), compiled from `service.bpmn`'s
model, with FEEL in place of Python.

One call is one step: state and variables in, `Step` out; nothing is kept between two calls.
"""

from service.engine import elements
from service.engine.calling_off import end_call, is_called_off, must_hear_its_end, terminate
from service.engine.codec import other_scopes, scope_chain
from service.engine.commands import (
    activate_ad_hoc,
    cancel,
    catches_error,
    catches_escalation,
    change_task,
    complete_call,
    complete_job,
    complete_user_task,
    deliver_message,
    deliver_signal,
    retry,
    set_variables,
    start,
    throw_error,
    throw_escalation,
    trigger_timer,
)
from service.engine.compiled import CompiledProcess, compile_model, compile_process
from service.engine.errors import UncaughtError
from service.engine.job_results import (
    AdHocActivation,
    AdHocResult,
    JobResult,
    TaskListenerResult,
)
from service.engine.migrated import (
    ClosedSubscription,
    Migrated,
    MovedElement,
    MovedFlow,
    MovedSubscription,
    OpenJob,
)
from service.engine.migration import migrate, proposed_mapping
from service.engine.modification import Activate, Modification, Move, ScopedVariables, modify
from service.engine.starting import next_start_timer, start_conditions, start_names, start_timers
from service.engine.suspension import resume, waited_for
from service.engine.values import (
    INITIAL_ASSIGNEE,
    Binding,
    CallOpened,
    DecisionAnswer,
    DecisionEvaluated,
    ElementEvent,
    IncidentRaised,
    Instance,
    JobOpened,
    Limits,
    Part,
    Step,
    Surroundings,
    TaskChanged,
    UserTaskOpened,
    VariableWritten,
    WaitOver,
)
from service.engine.waits import (
    ConditionOpened,
    ErrorThrown,
    EscalationThrown,
    SignalSubscriptionOpened,
    SignalThrown,
    StartName,
    StartTimer,
    SubscriptionOpened,
    TimerOpened,
)

__all__ = [
    "INITIAL_ASSIGNEE",
    "Activate",
    "AdHocActivation",
    "AdHocResult",
    "Binding",
    "CallOpened",
    "ClosedSubscription",
    "CompiledProcess",
    "ConditionOpened",
    "DecisionAnswer",
    "DecisionEvaluated",
    "ElementEvent",
    "ErrorThrown",
    "EscalationThrown",
    "IncidentRaised",
    "Instance",
    "JobOpened",
    "JobResult",
    "Limits",
    "Migrated",
    "Modification",
    "Move",
    "MovedElement",
    "MovedFlow",
    "MovedSubscription",
    "OpenJob",
    "Part",
    "ScopedVariables",
    "SignalSubscriptionOpened",
    "SignalThrown",
    "StartName",
    "StartTimer",
    "Step",
    "SubscriptionOpened",
    "Surroundings",
    "TaskChanged",
    "TaskListenerResult",
    "TimerOpened",
    "UncaughtError",
    "UserTaskOpened",
    "VariableWritten",
    "WaitOver",
    "activate_ad_hoc",
    "cancel",
    "catches_error",
    "catches_escalation",
    "change_task",
    "compile_model",
    "compile_process",
    "complete_call",
    "complete_job",
    "complete_user_task",
    "deliver_message",
    "deliver_signal",
    "elements",
    "end_call",
    "is_called_off",
    "migrate",
    "modify",
    "must_hear_its_end",
    "next_start_timer",
    "other_scopes",
    "proposed_mapping",
    "resume",
    "retry",
    "scope_chain",
    "set_variables",
    "start",
    "start_conditions",
    "start_names",
    "start_timers",
    "terminate",
    "throw_error",
    "throw_escalation",
    "trigger_timer",
    "waited_for",
]
