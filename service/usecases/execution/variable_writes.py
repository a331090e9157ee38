"""Variables that somebody sets by hand at a scope of an instance."""

from collections.abc import Mapping
from typing import Any, Protocol

from service import engine
from service.identity import Person
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
    before = {name: instance.root_variables.get(name) for name in variables}
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
        detail={"scope_key": str(scope_key), "local": local},
    )
