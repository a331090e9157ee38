"""Variables that somebody sets by hand at a scope of an instance."""

from collections.abc import Mapping
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
    """Set variables and remember who did; `local`: right at the scope, else where each one is."""
    there = _standing(instance, scope_key, local=local)
    before = {name: there.get(name) for name in variables}
    execution.step(
        instance,
        lambda process, value, around: engine.set_variables(
            process, value, scope_key, variables, local, around
        ),
    )
    execution.unit.record(
        "variables.set",
        instance_key=instance.key,
        root_key=instance.root_key,
        case_key=instance.case_key,
        who=person.username,
        before=before,
        after=dict(variables),
        detail={
            "scope_key": str(scope_key),
            "local": local,
            "names": ", ".join(variables),
            "is_new": there.keys().isdisjoint(variables),
        },
    )


def _standing(instance: RunningInstance, scope_key: int, *, local: bool) -> Mapping[str, Any]:
    """Return what a write may change: what the scope itself has, or all that is seen from it."""
    try:
        chain = engine.scope_chain(instance.engine_state, scope_key)
    except ValueError:
        # The scope is over; the step refuses it.
        return {}
    return merged(instance.scopes, chain[:1] if local else chain)
