"""Process instances: start, cancel, change variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from service import bpmn
from service.domain.errors import BadInputError, NotFoundError, WrongStateError
from service.engine.values import WHOLE, Part
from service.identity import Person, policy
from service.persistence.tables import cases, instances
from service.usecases import attachments, form_values, hand_ins
from service.usecases import definitions as found
from service.usecases.attempts import Attempt
from service.usecases.definitions import LoadedProcess
from service.usecases.execution import task_changes
from service.usecases.execution.execution import Execution
from service.usecases.execution.loading import require_open
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.starting import Start
from service.usecases.execution.task_changes import LOCAL, OUTWARD, TaskCommand
from service.usecases.execution.variable_writes import write_variables
from service.usecases.hand_ins import Paper, TakenBefore
from service.usecases.house import House
from service.usecases.live_instances import live_instance, require_not_called_off
from service.usecases.next_task import next_task_key
from service.usecases.suspension import require_no_user_task
from service.usecases.transaction import transact

LATEST = -1
"""The version that means the newest."""


@dataclass(frozen=True)
class CreateInstance:
    """Which process to start, with what.

    Attributes:
        process_key: The definition; or
        process_id: its id, with `version` (-1: the latest) or `version_tag`.
        variables: Root variables, JSON values.
        begins_at: Elements to begin at, in place of the none start event.
        ends_after: Elements after any of which the instance is terminated.
    """

    process_key: int | None = None
    process_id: str | None = None
    version: int = LATEST
    version_tag: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    business_id: str | None = None
    tags: tuple[str, ...] = ()
    begins_at: tuple[str, ...] = ()
    ends_after: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstanceCreated:
    """An instance was started and ran to its first wait states.

    Attributes:
        variables: Root variables after the first step.
    """

    key: int
    process_key: int
    process_id: str
    version: int
    version_tag: str | None
    case_key: int | None
    case_no: str | None
    variables: Mapping[str, Any]
    tags: tuple[str, ...]
    business_id: str | None


@dataclass(frozen=True)
class StartedWithForm:
    """An instance was started by somebody who goes on working on it.

    Attributes:
        next_task_key: A task of it that he may do now, or None.
        before: The earlier attempt that started it, or None.
    """

    key: int
    process_key: int
    case_key: int | None
    case_no: str | None
    next_task_key: int | None
    before: TakenBefore | None = None


def create(house: House, person: Person, command: CreateInstance) -> InstanceCreated:
    """Start a process at its none start event, or at the elements that the command names.

    Raises:
        NotFoundError: No such process.
        NotAllowedError: He may not start it.
        WrongStateError: It has no none start event.
        BadInputError: It has no such elements, or cannot begin at them.
    """

    def work(execution: Execution) -> InstanceCreated:
        process = _find(execution, command)
        part = Part(command.begins_at, command.ends_after)
        require_may_start(person, process, part)
        start = Start(business_id=command.business_id, tags=command.tags, part=part)
        instance = execution.start(process, command.variables, start)
        execution.settle()
        return InstanceCreated(
            key=instance.key,
            process_key=process.key,
            process_id=process.process_id,
            version=process.version,
            version_tag=process.version_tag,
            case_key=instance.case_key,
            case_no=instance.case_no,
            variables=dict(instance.root_variables),
            tags=start.tags,
            business_id=start.business_id,
        )

    return transact(house, person, work)


def start_with_form(
    house: House,
    person: Person,
    process_id: str,
    values: Mapping[str, Any],
    *,
    paper: Paper | None = None,
) -> StartedWithForm:
    """Start the latest version of a process with its start form filled in; the same paper starts it once.

    Raises:
        NotFoundError, NotAllowedError: As `create`.
        InvalidFormError: Values refused; nothing was started.
    """

    def work(execution: Execution) -> StartedWithForm:
        before = hand_ins.take(execution.unit, person, paper, 0)
        if before is not None:
            return _started_before(execution, person, before)
        process = _find(execution, CreateInstance(process_id=process_id))
        require_may_start(person, process)
        instance = _start_filled_in(execution, person, process, values)
        hand_ins.name_subject(execution.unit, person, paper, instance.key)
        return _goes_on(execution, person, instance)

    return transact(house, person, work)


def _start_filled_in(
    execution: Execution, person: Person, process: LoadedProcess, values: Mapping[str, Any]
) -> RunningInstance:
    """Start a process with what was filled in; where it has a form, that is checked and kept."""
    form_key = start_form_key(execution.unit.before, process)
    if form_key is None:
        return execution.start(process, values)
    form = execution.house.definitions.form(execution.unit.before, form_key)
    checked = form_values.check(execution, person, form, values, {})
    instance = execution.start(process, checked)
    attachments.bind(
        execution.unit,
        checked,
        case_key=instance.case_key,
        instance_key=instance.key,
        task_key=None,
    )
    start_event = process.model.starts(None)[0].id
    form_values.keep(execution.unit, person, form, checked, instance, start_event, form_key, None)
    return instance


def _started_before(execution: Execution, person: Person, before: TakenBefore) -> StartedWithForm:
    """Return what an earlier attempt has started, as it is now."""
    connection, table = execution.unit.before, instances.process_instances
    columns = (
        table.c.key,
        table.c.process_key,
        table.c.root_key,
        table.c.case_key,
        cases.cases.c.case_no,
    )
    joined = table.outerjoin(cases.cases, cases.cases.c.key == table.c.case_key)
    asked = select(*columns).select_from(joined).where(table.c.key == before.subject_key)
    row = connection.execute(asked).one()
    following = next_task_key(connection, person, row.case_key, row.root_key)
    return StartedWithForm(row.key, row.process_key, row.case_key, row.case_no, following, before)


def start_form_key(connection: Connection, process: LoadedProcess) -> int | None:
    """Return the key of the start form of a process, or None when it has none.

    Raises:
        WrongStateError: It names a form that is not deployed (yet).
    """
    form = process.model.start_form
    if form is None or form.id is None:
        return None
    key = found.find_form(
        connection, form.id, form.binding, form.version_tag, process.deployment_key
    )
    if key is None:
        raise WrongStateError(
            f"Expected to find the form '{form.id}' of the start of '{process.process_id}', "
            "but it is not deployed.",
            reason="no_start_form",
            form_id=form.id,
            process=process.name,
        )
    return key


def cancel(house: House, person: Person, key: int, reason: str = "") -> None:
    """Terminate an instance with everything it called.

    Raises:
        NotFoundError: No such instance, or it has ended.
        NotAllowedError: He neither operates nor is authorized for this process.
        WrongStateError: It was called (cancel its root), or is being canceled already.
    """
    attempt = Attempt("PROCESS_INSTANCE", "CANCEL", key)
    transact(house, person, lambda execution: cancel_instance(execution, key, reason), attempt)


def cancel_instance(execution: Execution, key: int, reason: str = "") -> None:
    """Terminate an instance inside a transaction; errors as `cancel`."""
    instance = live_instance(execution, key)
    policy.may_cancel_instance(execution.who, instance.process.process_id).require()
    if instance.parent_instance_key is not None:
        raise WrongStateError(
            f"Expected to cancel a root process instance, but '{key}' was called by "
            f"'{instance.parent_instance_key}'.",
            reason="called_instance",
            key=key,
        )
    require_not_called_off(instance)
    execution.unit.record(
        "instance.canceled",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=execution.who.username,
        detail={"reason": reason},
    )
    execution.cancel(instance)


def set_variables(
    house: House, person: Person, scope_key: int, variables: Mapping[str, Any], local: bool
) -> int | None:
    """Set variables at a scope (a process or element instance).

    Args:
        house: The house.
        person: Who does it.
        scope_key: Where the walk begins.
        variables: Names and JSON values.
        local: Set them right there; otherwise each goes to the nearest scope that has it, else the root.

    Returns:
        None when it is done; the key of the change when the scope is a user task whose updating listeners
        are asked first (`task_answers`).

    Raises:
        NotFoundError: No such scope, or its instance has ended.
        NotAllowedError: He is no operator.
        WrongStateError: The scope is a user task that is suspended or whose listeners are asked already.
    """

    def work(execution: Execution) -> int | None:
        policy.may_update_instances(person).require()
        connection = execution.unit.connection
        instance = live_instance(execution, _instance_of(connection, scope_key))
        if instance.is_suspended:
            require_no_user_task(connection, scope_key)
        task = task_changes.task_of(execution.unit, scope_key)
        if task is not None:
            require_open(task)
            if task_changes.listens(execution, instance.process, task.element_id, "updating"):
                wanted = TaskCommand(
                    "updating", {}, "update", variables, LOCAL if local else OUTWARD
                )
                return task_changes.ask(execution, task, instance, person, wanted)
        write_variables(execution, instance, person, scope_key, variables, local=local)
        return None

    return transact(house, person, work)


def _instance_of(connection: Connection, scope_key: int) -> int:
    """Return the process instance that a scope is, or belongs to."""
    elements, rows = instances.element_instances, instances.process_instances
    for found_by in (
        select(elements.c.instance_key).where(elements.c.key == scope_key),
        select(rows.c.key).where(rows.c.key == scope_key),
    ):
        key = connection.execute(found_by).scalar_one_or_none()
        if key is not None:
            return int(key)
    raise NotFoundError(
        f"Expected to find an element instance with key '{scope_key}', but there is none."
    )


def require_may_start(person: Person, process: LoadedProcess, part: Part = WHOLE) -> None:
    """Go on when somebody may start a process by hand or over the API.

    Raises:
        NotAllowedError: He may not.
        WrongStateError: It is to begin at its none start event, and has none.
    """
    groups = bpmn.split_list(process.model.properties.get("startGroups", ""))
    policy.may_start_process(person, groups, process.process_id).require()
    if not part.begins_at and not process.model.starts(None):
        raise WrongStateError(
            f"Expected process '{process.process_id}' to have a none start event, but it has none."
        )


def _find(execution: Execution, command: CreateInstance) -> LoadedProcess:
    connection, definitions = execution.unit.before, execution.house.definitions
    if command.process_key is not None:
        return _in_use(execution, command.process_key)
    if command.process_id is None:
        raise BadInputError("Expected a 'processDefinitionKey' or a 'processDefinitionId'.")
    meant = (command.process_id, command.version, command.version_tag)
    key = execution.facts.get(("start", *meant), lambda reading: _key_of(reading, *meant))
    if key is None:
        draining = found.find_draining_version(connection, command.process_id, command.version)
        if draining is not None:
            raise found.not_in_use(connection, draining)
        raise NotFoundError(
            f"Expected to find a process '{command.process_id}', but none is deployed "
            "in that version.",
            process_id=command.process_id,
        )
    return definitions.process(connection, key)


def _in_use(execution: Execution, key: int) -> LoadedProcess:
    """Return the process definition of a key, unless it was deleted."""
    is_in_use = execution.facts.get(
        ("in use", key), lambda reading: found.is_process_in_use(reading, key)
    )
    if not is_in_use:
        raise found.not_in_use(execution.unit.before, key)
    return execution.house.definitions.process(execution.unit.before, key)


def _key_of(
    connection: Connection, process_id: str, version: int, version_tag: str | None
) -> int | None:
    if version_tag is not None:
        return found.find_process(connection, process_id, "versionTag", version_tag)
    if version == LATEST:
        return found.find_process(connection, process_id, "latest")
    return found.find_process_version(connection, process_id, version)


def _goes_on(execution: Execution, person: Person, instance: RunningInstance) -> StartedWithForm:
    execution.settle()
    following = next_task_key(
        execution.unit.connection, person, instance.case_key, instance.root_key
    )
    return StartedWithForm(
        instance.key, instance.process.key, instance.case_key, instance.case_no, following
    )
