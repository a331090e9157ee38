"""Modifying a running instance by hand: tokens are added, moved, terminated."""

from dataclasses import replace
from typing import Any

from service import engine
from service.domain.errors import BadInputError
from service.engine import CompiledProcess, Instance, Modification, Step, Surroundings
from service.identity import Person, policy
from service.usecases.attempts import Attempt
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import not_active
from service.usecases.house import House
from service.usecases.live_instances import live_instance
from service.usecases.transaction import transact


def modify(house: House, person: Person, key: int, modification: Modification) -> None:
    """Carry out all instructions on an instance, or none.

    Raises:
        NotFoundError: No such instance, or it has ended.
        NotAllowedError: He is no operator.
        BadInputError: An instruction cannot be carried out; or it would end a called instance.
        WrongStateError: It is suspended.
    """
    attempt = Attempt("PROCESS_INSTANCE", "MODIFY", key)
    transact(
        house, person, lambda execution: modify_instance(execution, key, modification), attempt
    )


def modify_instance(execution: Execution, key: int, modification: Modification) -> None:
    """Modify an instance inside a transaction; errors as `modify`."""
    policy.may_operate(execution.who).require()
    instance = live_instance(execution, key)
    if instance.is_suspended:
        raise not_active(key, instance.state_name)

    def call(process: CompiledProcess, value: Instance, around: Surroundings) -> Step:
        step = engine.modify(process, value, modification, around)
        if instance.parent_instance_key is not None and _ends(process, value, step):
            raise BadInputError(
                f"Expected to leave something active in '{key}', which was called by "
                f"'{instance.parent_instance_key}'; terminate the call activity instead.",
                reason="ends_called",
                key=key,
            )
        return step

    execution.unit.record(
        "instance.modified",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=execution.who.username,
        detail=_told(modification),
    )
    execution.step(instance, call)


def _ends(process: CompiledProcess, before: Instance, step: Step) -> bool:
    """Tell whether a step terminates an instance, at once or when its own listeners have heard it."""
    if step.ended is not None:
        return step.ended == "TERMINATED"
    was_ending = engine.is_called_off(process, before)
    return not was_ending and engine.is_called_off(process, replace(before, state=step.state))


def _told(modification: Modification) -> dict[str, Any]:
    """Return the instructions for the history; variables by their names only."""
    return {
        "activate": [one.element_id for one in modification.activate],
        "move": [[str(one.source), one.target_id] for one in modification.move],
        "terminate": [str(one) for one in modification.terminate],
        "variables": sorted(
            {
                name
                for given in (
                    *(given for one in modification.activate for given in one.variables),
                    *(given for one in modification.move for given in one.variables),
                )
                for name in given.variables
            }
        ),
    }
