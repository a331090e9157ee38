"""What a step may ask of the world, answered from the database and short-lived snapshots of it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from service import dmn, feel
from service.engine.values import Binding, DecisionAnswer, Surroundings
from service.persistence.facts import (
    cluster_variables,
    group_by_name,
    group_names,
    offered_options,
    supervisor_by_group,
    working_calendar,
)
from service.persistence.unit import Unit
from service.sla import WorkingCalendar, calendar_functions
from service.usecases import definitions as found
from service.usecases.definitions import Definitions, LoadedDecision, LoadedProcess

SNAPSHOT_S = 2.0
"""How old parameters, calendar and groups may be in a step; a change counts everywhere after this."""


@dataclass(frozen=True)
class Snapshot:
    """Rarely changing facts, read together."""

    calendar: WorkingCalendar
    functions: Mapping[str, feel.Function]
    cluster_variables: Mapping[str, Any]
    group_by_name: Mapping[str, str]
    name_by_group: Mapping[str, str]
    offered: Mapping[str, list[dict[str, str]]]
    supervisor_by_group: Mapping[str, str]


class World:
    """Gives snapshots and surroundings; one a process, safe to share between threads."""

    def __init__(self) -> None:
        """Start without a snapshot."""
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._taken_at = 0.0

    def snapshot(self, connection: Connection) -> Snapshot:
        """Return facts at most `SNAPSHOT_S` old."""
        with self._lock:
            if self._snapshot is None or time.monotonic() - self._taken_at > SNAPSHOT_S:
                self._snapshot = take_snapshot(connection)
                self._taken_at = time.monotonic()
            return self._snapshot

    def forget(self) -> None:
        """Read anew next time (after a change in this process)."""
        with self._lock:
            self._snapshot = None


def take_snapshot(connection: Connection) -> Snapshot:
    """Read parameters, calendar and group names."""
    calendar = working_calendar(connection)
    functions = {
        name: feel.Function(parameters, call)
        for name, (parameters, call) in calendar_functions(calendar).items()
    }
    return Snapshot(
        calendar,
        functions,
        cluster_variables(connection),
        group_by_name(connection),
        group_names(connection),
        offered_options(connection),
        supervisor_by_group(connection),
    )


def feel_surroundings(unit: Unit, snapshot: Snapshot) -> feel.Surroundings:
    """Return what FEEL outside of diagrams (forms, case titles) is evaluated with."""
    return feel.Surroundings(unit.now, snapshot.calendar.zone, snapshot.functions)


def step_surroundings(
    unit: Unit,
    snapshot: Snapshot,
    definitions: Definitions,
    process: LoadedProcess,
    caught_above: Callable[[str], bool] = lambda code: False,
    escalated_above: Callable[[str], bool | None] = lambda code: None,
) -> Surroundings:
    """Return the surroundings of one step of an instance of `process`."""
    # What is deployed is not changed by what a step writes.
    connection = unit.before

    def decide(binding: Binding, variables: Mapping[str, Any]) -> DecisionAnswer:
        key = found.find_decision(
            connection, binding.id, binding.kind, binding.version_tag, process.deployment_key
        )
        if key is None:
            return DecisionAnswer(
                None,
                None,
                failure=f"Expected to find a decision '{binding.id}' ({binding.kind}), "
                "but none is deployed.",
                error_type="CALLED_DECISION_ERROR",
            )
        return evaluate(definitions.decision(connection, key), variables, unit, snapshot)

    def find_process(binding: Binding) -> int | None:
        key = found.find_process(
            connection, binding.id, binding.kind, binding.version_tag, process.deployment_key
        )
        # A process that only messages or timers start cannot be called.
        if key is None or not definitions.process(connection, key).model.starts(None):
            return None
        return key

    def find_form(binding: Binding) -> int | None:
        return definitions.bound_form(
            connection, binding.id, binding.kind, binding.version_tag, process.deployment_key
        )

    return Surroundings(
        now=unit.now,
        new_key=unit.new_key,
        decide=decide,
        find_process=find_process,
        find_form=find_form,
        caught_above=caught_above,
        escalated_above=escalated_above,
        functions=snapshot.functions,
        cluster_variables=snapshot.cluster_variables,
    )


@dataclass(frozen=True)
class DecisionRecord:
    """A decision and how it came out, for the history."""

    decision: LoadedDecision
    outcome: dmn.DecisionOutcome


def evaluate(
    decision: LoadedDecision, variables: Mapping[str, Any], unit: Unit, snapshot: Snapshot
) -> DecisionAnswer:
    """Evaluate a decision over JSON values."""
    context = {name: feel.from_json(value) for name, value in variables.items()}
    outcome = dmn.evaluate(
        decision.requirements, decision.decision_id, context, feel_surroundings(unit, snapshot)
    )
    return DecisionAnswer(
        decision_key=decision.key,
        output=feel.to_json(outcome.value),
        record=DecisionRecord(decision, outcome),
        failure=outcome.failure,
    )
