"""Conditional start events: evaluated on request, with the variables of the request.

Source: Camunda 8.9 conditionals: latest versions only; every start event that is true starts an instance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from service import engine
from service.identity import Person, policy
from service.persistence.tables import definitions
from service.usecases.definitions import LoadedProcess
from service.usecases.execution.execution import Execution
from service.usecases.execution.gathering import Trigger
from service.usecases.execution.world import step_surroundings
from service.usecases.house import House
from service.usecases.transaction import transact


@dataclass(frozen=True)
class Evaluated:
    """What an evaluation of start conditions came to.

    Attributes:
        key: Of the evaluation.
        started: Process definition key and instance key of each instance started.
    """

    key: int
    started: tuple[tuple[int, int], ...]


def evaluate(
    house: House, person: Person, variables: Mapping[str, Any], process_key: int | None = None
) -> Evaluated:
    """Start an instance for each conditional start event that is true.

    Args:
        house: The house.
        person: Who asks.
        variables: What the conditions are asked of; handed to the instances.
        process_key: Ask those of this process version only; None: of all latest versions.

    Raises:
        NotAllowedError: He may not start one of those that are true; nothing was started.
        NotFoundError: No such process.
    """

    def work(execution: Execution) -> Evaluated:
        policy.may_broadcast(person).require()
        unit, found = execution.unit, execution.house.definitions
        if process_key is not None:
            found.process(unit.connection, process_key)
        started = []
        for row in _start_events(execution, process_key):
            process = found.process(unit.connection, row.process_key)
            if (row.element_id, row.part) in _true_of(execution, process, variables):
                policy.may_start_by_event(person, process.process_id).require()
                trigger = Trigger(row.element_id, row.part, variables)
                instance = execution.start_by(process, trigger)
                if instance is not None:
                    started.append((process.key, instance.key))
        return Evaluated(unit.new_key(), tuple(started))

    return transact(house, person, work)


def _start_events(execution: Execution, process_key: int | None) -> list[Row[Any]]:
    table = definitions.start_events
    query = select(table).where(table.c.kind == "conditional").order_by(table.c.key)
    if process_key is not None:
        query = query.where(table.c.process_key == process_key)
    return list(execution.unit.connection.execute(query))


def _true_of(
    execution: Execution, process: LoadedProcess, variables: Mapping[str, Any]
) -> tuple[tuple[str, int], ...]:
    surroundings = step_surroundings(
        execution.unit, execution.facts, execution.house.definitions, process
    )
    return engine.start_conditions(process.compiled, variables, surroundings)
