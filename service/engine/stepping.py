"""The edges of a step: variables that come in, the `Step` that goes out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from service.domain.errors import BadInputError
from service.engine.codec import encode
from service.engine.machine import Machine
from service.engine.values import (
    Binding,
    DecisionAnswer,
    Limits,
    Step,
    Surroundings,
    VariableWritten,
)
from service.engine.variables import Variables


def checked(store: Variables, variables: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return variables from outside, known to be JSON and small enough.

    Raises:
        BadInputError: They are no JSON, or too large for the instance.
    """
    try:
        size = len(orjson.dumps(dict(variables)))
    except TypeError as error:
        raise BadInputError(f"Expected variables to be JSON values, but {error}.") from error
    if store.used_bytes + size > limits.variables_bytes:
        raise BadInputError(
            f"Expected variables of an instance to take at most {limits.variables_bytes} bytes,"
            f" but with these they would take {store.used_bytes + size}.",
            limit_bytes=limits.variables_bytes,
        )
    return dict(variables)


def finish_step(machine: Machine) -> Step:
    """Run the machine until everything waits and return what happened."""
    machine.run()
    record, root = machine.record, machine.root
    ended = None
    if not root.is_live:
        ended = "COMPLETED" if root.state == TaskState.COMPLETED else "TERMINATED"
    record.incidents = [i for i in record.incidents if machine.token(i.element_instance_key)]
    return Step(
        state=b"" if ended else encode(machine),
        ended=ended,
        variables=tuple(
            VariableWritten(scope_key, name, value)
            for (scope_key, name), value in machine.variables.written.items()
        ),
        scopes_dropped=tuple(machine.variables.dropped),
        root_variables=dict(machine.variables.local(machine.key)) if ended else None,
        **record.told(),
    )


def _no_key() -> int:
    raise AssertionError("nothing is made here")


def _no_decision(binding: Binding, variables: Mapping[str, Any]) -> DecisionAnswer:
    raise AssertionError("nothing is decided here")


NOWHERE = Surroundings(
    now=datetime.min.replace(tzinfo=UTC),
    new_key=_no_key,
    decide=_no_decision,
    find_process=lambda binding: None,
    find_form=lambda binding: None,
)
"""The surroundings of a question that runs nothing."""
