"""The commands: each takes an instance to its next wait state and tells all that happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.errors import NotFoundError, WrongStateError
from service.engine.catching import escalate, is_caught, is_escalation_caught, throw
from service.engine.codec import decode
from service.engine.compiled import CompiledProcess
from service.engine.elements.ad_hoc import AdHocSubProcess
from service.engine.errors import UncaughtError
from service.engine.events import happen
from service.engine.job_results import AdHocActivation, JobResult
from service.engine.leaving import canceled, leave
from service.engine.machine import Machine, Token
from service.engine.parts import begin_inside, notes_of, require_part
from service.engine.stepping import NOWHERE, checked, finish_step
from service.engine.triggers import find_subscription, is_due
from service.engine.values import WHOLE, Instance, Part, Step, Surroundings
from service.engine.variables import Variables


def start(
    process: CompiledProcess,
    *,
    key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
    start_event: str | None = None,
    root_variables: Mapping[str, Any] | None = None,
    part: Part = WHOLE,
) -> Step:
    """Return the first step of a new instance.

    Args:
        process: What to run.
        key: The instance's key.
        variables: Root variables; with `start_event`, the payload of its event.
        surroundings: The world.
        start_event: A start event, or another element that starts instances; None: the none start
            event.
        root_variables: Set in the root before anything else, whatever mappings the event has.
        part: Where to begin in place of a start event, and where to end.

    Raises:
        WrongStateError: The process has no such start event.
        BadInputError: The variables are larger than allowed, or the process has no such part.
    """
    require_part(process, part)
    own = {event.id: event.event is None for event in process.model.instantiating}
    if start_event is None and not part.begins_at and True not in own.values():
        text = f"Expected process '{process.model.id}' to have a none start event, but it has none."
        raise WrongStateError(text)
    if start_event is not None and start_event not in own:
        text = f"Expected '{start_event}' to be a start event of '{process.model.id}'."
        raise WrongStateError(text)
    limit = surroundings.limits.variables_bytes
    store = Variables(key, {}, limit_bytes=limit, used_bytes=0)
    machine = Machine(process.spec, key, store, surroundings)
    for name, value in checked(store, root_variables or {}, surroundings.limits).items():
        store.set_local(key, name, value)
    payload = checked(store, variables, surroundings.limits)
    if start_event is None or own[start_event]:
        for name, value in payload.items():
            store.set_local(key, name, value)
        payload = {}
    notes = {"fired": payload} | ({"start": start_event} if start_event else {})
    machine.begin(notes | notes_of(part))
    begin_inside(process, machine, part)
    return finish_step(machine)


def complete_user_task(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after a user task is done.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It is no user task that waits.
        BadInputError: The variables are larger than allowed.
    """
    return _complete("user_task", process, instance, element_instance_key, variables, surroundings)


def change_task(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    event: str,
    changes: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after the listeners of a user task began to be asked about a change.

    The `Step` of the last listener's answer holds a `TaskChanged`; then the caller carries it out.

    Args:
        process: What runs.
        instance: The instance.
        element_instance_key: The user task.
        event: `assigning`, `updating` or `completing`; there must be listeners for it.
        changes: What is asked for, by field of the task; JSON values.
        surroundings: The world.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It is no user task that waits, or its listeners are being asked already.
    """
    machine = decode(process, instance, surroundings)
    token = _waiting(machine, element_instance_key, ("user_task",))
    token.task_spec.change(token, event, changes)
    return finish_step(machine)


def complete_job(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
    result: JobResult | None = None,
) -> Step:
    """Return the step after the open job of an element instance is done, its own or a listener's.

    Args:
        process: What runs.
        instance: The instance.
        element_instance_key: Whose job.
        variables: What the worker gives back.
        surroundings: The world.
        result: What a listener or the leader of an ad-hoc sub-process says besides.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It waits for no job.
        NotFoundError: The result starts an activity that is not there.
        BadInputError: The variables are larger than allowed, or the result does not fit the job.
    """
    machine = decode(process, instance, surroundings)
    token = _token(machine, element_instance_key)
    if "task" not in token.notes:
        token = _waiting(machine, element_instance_key, ("job",))
    payload = checked(machine.variables, variables, surroundings.limits)
    token.task_spec.job_done(token, payload, result)
    return finish_step(machine)


def complete_call(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after a called instance has ended with these root variables.

    Errors as `complete_user_task`.
    """
    return _complete("call", process, instance, element_instance_key, variables, surroundings)


def activate_ad_hoc(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    activations: Iterable[AdHocActivation],
    surroundings: Surroundings,
    *,
    cancel_remaining: bool = False,
) -> Step:
    """Return the step after activities of an ad-hoc sub-process were started by hand.

    Args:
        process: What runs.
        instance: The instance.
        element_instance_key: The ad-hoc sub-process.
        activations: What to start, with variables for each.
        surroundings: The world.
        cancel_remaining: Terminate first what runs inside.

    Raises:
        NotFoundError: No such element instance, it is no ad-hoc sub-process, or an activity is not in it.
        WrongStateError: It is not active any more, or has an incident.
        BadInputError: An activity is named twice, or variables are too large.
    """
    machine = decode(process, instance, surroundings)
    token = _token(machine, element_instance_key)
    sub_process = token.task_spec
    if not isinstance(sub_process, AdHocSubProcess):
        text = f"Expected {element_instance_key} to be an ad-hoc sub-process, but it is none."
        raise NotFoundError(text)
    if not token.is_active or token.notes.keys() & {
        "listener",
        "incident",
        "fulfilled",
        "interrupted",
    }:
        text = f"Expected ad-hoc sub-process {element_instance_key} to be active, but it is not."
        raise WrongStateError(text)
    wanted = tuple(activations)
    sub_process.check(wanted)
    for activation in wanted:
        checked(machine.variables, activation.variables, surroundings.limits)
    if cancel_remaining:
        sub_process.cancel_remaining(token)
    sub_process.activate(token, wanted)
    return finish_step(machine)


def throw_error(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    code: str,
    message: str,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after an error came out of a job or a called instance.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It waits for no job and no called instance, or for a listener's job.
        UncaughtError: Nobody catches the code, here or above.
        BadInputError: The variables are larger than allowed.
    """
    machine = decode(process, instance, surroundings)
    token = _waiting(machine, element_instance_key, ("job", "call"))
    if "listener" in token.notes:
        text = f"Expected a job that may throw errors, but that of {element_instance_key} is a listener's."
        raise WrongStateError(text)
    if "called_off" in token.notes:
        canceled(token)
        return finish_step(machine)
    payload = checked(machine.variables, variables, surroundings.limits)
    available = throw(token, code, message, payload)
    if available is not None:
        raise UncaughtError(code, available, message)
    return finish_step(machine)


def catches_error(
    process: CompiledProcess, instance: Instance, element_instance_key: int, code: str
) -> bool:
    """Return whether this instance catches an error code thrown at one of its element instances.

    Raises:
        NotFoundError: No such element instance.
    """
    machine = decode(process, instance, NOWHERE)
    return is_caught(_token(machine, element_instance_key), code)


def throw_escalation(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    code: str,
    surroundings: Surroundings,
) -> Step:
    """Return the step after an escalation came out of a called instance.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It waits for no called instance.
    """
    machine = decode(process, instance, surroundings)
    escalate(_waiting(machine, element_instance_key, ("call",)), code)
    return finish_step(machine)


def catches_escalation(
    process: CompiledProcess, instance: Instance, element_instance_key: int, code: str
) -> bool | None:
    """Return whether the event that catches an escalation from an element instance interrupts.

    None: nobody in this instance catches it.

    Raises:
        NotFoundError: No such element instance.
    """
    machine = decode(process, instance, NOWHERE)
    return is_escalation_caught(_token(machine, element_instance_key), code)


def trigger_timer(
    process: CompiledProcess, instance: Instance, timer_key: int, surroundings: Surroundings
) -> Step:
    """Return the step after a timer fired.

    Raises:
        WrongStateError: The timer is no longer waited for, or its moment has not come.
    """
    machine = decode(process, instance, surroundings)
    host, timer = _subscription(machine, timer_key, "timer")
    if not is_due(timer, surroundings.now):
        raise WrongStateError(
            f"Expected timer {timer_key} to be due, but it is due at {timer['due']}",
            due_at=timer["due"],
        )
    happen(host, timer, {})
    return finish_step(machine)


def deliver_message(
    process: CompiledProcess,
    instance: Instance,
    subscription_key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after a message reached a subscription.

    Raises:
        WrongStateError: The message is no longer waited for.
        BadInputError: The variables are larger than allowed.
    """
    return _deliver("message", process, instance, subscription_key, variables, surroundings)


def deliver_signal(
    process: CompiledProcess,
    instance: Instance,
    subscription_key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    """Return the step after a signal reached a subscription; errors as `deliver_message`."""
    return _deliver("signal", process, instance, subscription_key, variables, surroundings)


def set_variables(
    process: CompiledProcess,
    instance: Instance,
    scope_key: int,
    variables: Mapping[str, Any],
    local: bool,
    surroundings: Surroundings,
) -> Step:
    """Return the step after variables were written from outside, locally or outward from a scope.

    Raises:
        NotFoundError: No such element instance.
        BadInputError: The variables are larger than allowed.
    """
    machine = decode(process, instance, surroundings)
    place = machine.at(_token(machine, scope_key))
    payload = checked(machine.variables, variables, surroundings.limits)
    if local:
        place.set_local(payload)
    else:
        place.propagate(payload)
    return finish_step(machine)


def retry(
    process: CompiledProcess,
    instance: Instance,
    element_instance_key: int,
    surroundings: Surroundings,
) -> Step:
    """Return the step after the failed stage of an element was tried again.

    A new `IncidentRaised` is in it when it fails again.

    Raises:
        NotFoundError: No such element instance.
        WrongStateError: It has no incident.
    """
    machine = decode(process, instance, surroundings)
    token = _token(machine, element_instance_key)
    if "incident" not in token.notes:
        raise WrongStateError(f"Expected {element_instance_key} to have an incident, it has none.")
    token.task_spec.repeat(token)
    return finish_step(machine)


def cancel(process: CompiledProcess, instance: Instance, surroundings: Surroundings) -> Step:
    """Return the step that terminates an instance: its last one, unless somebody must hear of it."""
    machine = decode(process, instance, surroundings)
    leave(machine.root, {})
    return finish_step(machine)


def _complete(
    wait: str,
    process: CompiledProcess,
    instance: Instance,
    key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    machine = decode(process, instance, surroundings)
    token = _waiting(machine, key, (wait,))
    token.task_spec.finish(token, checked(machine.variables, variables, surroundings.limits))
    return finish_step(machine)


def _deliver(
    kind: str,
    process: CompiledProcess,
    instance: Instance,
    key: int,
    variables: Mapping[str, Any],
    surroundings: Surroundings,
) -> Step:
    machine = decode(process, instance, surroundings)
    host, subscription = _subscription(machine, key, kind)
    happen(host, subscription, checked(machine.variables, variables, surroundings.limits))
    return finish_step(machine)


def _token(machine: Machine, key: int) -> Token:
    token = machine.token(key)
    if token is None:
        raise NotFoundError(f"Expected element instance {key} to be active, but there is none.")
    return token


def _waiting(machine: Machine, key: int, waits: tuple[str, ...]) -> Token:
    token = _token(machine, key)
    if token.notes.get("wait") not in waits or "task" in token.notes:
        what = " or ".join(waits)
        text = f"Expected element instance {key} to wait for its {what}, but it does not."
        raise WrongStateError(text)
    return token


def _subscription(machine: Machine, key: int, kind: str) -> tuple[Token, dict[str, Any]]:
    holder = machine.subscriber(key)
    found = holder and find_subscription([holder], key, kind)
    if found is None:
        raise WrongStateError(f"Expected the {kind} {key} to be waited for, but it is not.")
    return found
