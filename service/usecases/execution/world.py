"""What a step may ask of the world, answered from the database and short-lived snapshots of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from service import dmn, feel
from service.domain.cluster_variables import platform, platform_in
from service.domain.global_listeners import GlobalListeners, in_order
from service.engine.missing import missing
from service.engine.values import Binding, DecisionAnswer, Surroundings
from service.persistence.facts import (
    cluster_variables,
    global_listeners,
    group_by_name,
    group_names,
    offered_options,
    supervisor_by_group,
    tenant_variables,
    working_calendar,
)
from service.persistence.rare_facts import FactsAt
from service.persistence.unit import Unit
from service.sla import WorkingCalendar, calendar_functions
from service.usecases import definitions as found
from service.usecases.definitions import Definitions, LoadedDecision, LoadedProcess

Find = Callable[[Connection, str, str, str | None, int | None], int | None]
"""Finds the key of the definition that an id, a kind of binding, a tag and a deployment mean."""


@dataclass(frozen=True)
class Snapshot:
    """Rarely changing facts, read together.

    Attributes:
        platform: Cluster variables, as expressions see them below `camunda`.
    """

    calendar: WorkingCalendar
    functions: Mapping[str, feel.Function]
    platform: Mapping[str, Any]
    group_by_name: Mapping[str, str]
    name_by_group: Mapping[str, str]
    offered: Mapping[str, list[dict[str, str]]]
    supervisor_by_group: Mapping[str, str]
    global_listeners: GlobalListeners


def snapshot(facts: FactsAt) -> Snapshot:
    """Return the facts of a revision, read once."""
    return facts.get("snapshot", take_snapshot)


def take_snapshot(connection: Connection) -> Snapshot:
    """Read parameters, calendar, group names and the listeners of all processes."""
    calendar = working_calendar(connection)
    functions = {
        name: feel.Function(parameters, call)
        for name, (parameters, call) in calendar_functions(calendar).items()
    }
    return Snapshot(
        calendar,
        functions,
        platform(cluster_variables(connection), tenant_variables(connection)),
        group_by_name(connection),
        group_names(connection),
        offered_options(connection),
        supervisor_by_group(connection),
        in_order(global_listeners(connection)),
    )


def feel_surroundings(unit: Unit, snapshot: Snapshot) -> feel.Surroundings:
    """Return what FEEL outside of diagrams (forms, case titles) is evaluated with."""
    return feel.Surroundings(unit.now, snapshot.calendar.zone, snapshot.functions)


def step_surroundings(
    unit: Unit,
    facts: FactsAt,
    definitions: Definitions,
    process: LoadedProcess,
    caught_above: Callable[[str], bool] = lambda code: False,
    escalated_above: Callable[[str], bool | None] = lambda code: None,
    hears_its_end: Callable[[int], bool] = lambda element_instance_key: False,
    is_suspended: bool = False,
    instance: tuple[int, str | None] | None = None,
) -> Surroundings:
    """Return the surroundings of one step of an instance of `process`.

    Args:
        instance: Its key and business id; None: none is there yet.
    """
    # What is deployed is not changed by what a step writes.
    connection = unit.before
    known = snapshot(facts)

    def key_of(find: Find, binding: Binding) -> int | None:
        meant = (binding.id, binding.kind, binding.version_tag, process.deployment_key)
        return facts.get((find, *meant), lambda connection: find(connection, *meant))

    def decide(binding: Binding, variables: Mapping[str, Any]) -> DecisionAnswer:
        key = key_of(found.find_decision, binding)
        if key is None:
            return DecisionAnswer(
                None,
                None,
                failure=missing("decision", binding),
                error_type="CALLED_DECISION_ERROR",
            )
        return evaluate(definitions.decision(connection, key), variables, unit, known)

    def may_be_called(process_key: int) -> bool:
        return bool(definitions.process(connection, process_key).model.starts(None))

    return Surroundings(
        now=unit.now,
        new_key=unit.new_key,
        decide=decide,
        find_process=partial(key_of, found.find_process),
        may_be_called=may_be_called,
        find_form=partial(key_of, found.find_form),
        find_resource=partial(key_of, found.find_resource),
        caught_above=caught_above,
        escalated_above=escalated_above,
        hears_its_end=hears_its_end,
        is_suspended=is_suspended,
        functions=known.functions,
        platform=known.platform if instance is None else platform_in(known.platform, *instance),
        global_listeners=known.global_listeners,
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
        failure=outcome.failure_text,
    )
