"""Variables that somebody sets by hand at a scope of an instance."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from service import engine
from service.identity import Person
from service.persistence.scopes import merged
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance


class Stepping(Protocol):
    """What of an execution is needed here."""

    unit: Unit

    def step(self, instance: RunningInstance, call: Any) -> None:
        """Run one engine call and write what it did."""


def write_variables(
    execution: Stepping,
    instance: RunningInstance,
    person: Person,
    scope_key: int,
    variables: Mapping[str, Any],
    *,
    local: bool,
) -> None:
    """Set variables and remember who did; `local`: right at the scope, else where each one is.

    The history gets an event for each variable that was changed, none for those that had the value.
    """
    chain = _chain(instance, scope_key)
    there = merged(instance.scopes, chain[:1] if local else chain)
    at = {name: scope_key if local else _home(instance, chain, name) for name in variables}
    execution.step(
        instance,
        lambda process, value, around: engine.set_variables(
            process, value, scope_key, variables, local, around
        ),
    )
    for name, value in variables.items():
        if (at[name], name) not in instance.touched:
            continue
        execution.unit.record(
            "variables.set",
            instance_key=instance.key,
            root_key=instance.root_key,
            case_key=instance.case_key,
            who=person.username,
            before={name: there.get(name)},
            after={name: value},
            detail={
                "scope_key": str(at[name]),
                "element_instance_key": str(at[name]),
                "local": local,
                "name": name,
                "is_new": name not in there,
            },
        )


def _chain(instance: RunningInstance, scope_key: int) -> list[int]:
    """Return the scopes that a write can reach, innermost first; none when it is over: the step refuses it."""
    try:
        return engine.scope_chain(instance.engine_state, scope_key)
    except ValueError:
        return []


def _home(instance: RunningInstance, chain: Sequence[int], name: str) -> int:
    """Return the scope to which a variable propagates: the nearest that has it, else the root."""
    return next((key for key in chain if name in instance.scopes.get(key, {})), instance.key)
