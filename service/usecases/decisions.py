"""Decisions evaluated by themselves, outside of a process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from service.domain.errors import BadInputError, NotFoundError
from service.feel import Text
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases import definitions as found
from service.usecases.execution.decision_rows import rows_of, told_of
from service.usecases.execution.execution import Execution
from service.usecases.execution.world import evaluate as evaluate_decision
from service.usecases.house import House
from service.usecases.transaction import transact


@dataclass(frozen=True)
class DecisionEvaluation:
    """A decision and how it came out.

    Attributes:
        rows: Rows as in the table `decision_instances`, the required decisions first.
        output: JSON value.
        failure: None, or why there is no result; then `failed_decision_id` names the decision.
    """

    key: int
    decision_key: int
    decision_id: str
    name: str | None
    version: int
    requirements_key: int
    requirements_id: str
    rows: tuple[Mapping[str, Any], ...]
    output: Any
    failure: Text | None
    failed_decision_id: str | None


def evaluate(
    house: House,
    person: Person,
    decision_key: int | None,
    decision_id: str | None,
    variables: Mapping[str, Any],
) -> DecisionEvaluation:
    """Evaluate a decision definition (the latest, when named by its id) and keep how it came out.

    Raises:
        NotFoundError: No such decision.
        NotAllowedError: He may neither edit decisions nor operate, nor is he authorized.
        BadInputError: Neither key nor id.
    """

    def work(execution: Execution) -> DecisionEvaluation:
        connection = execution.unit.connection
        key = decision_key
        if key is None:
            if not decision_id:
                raise BadInputError(
                    "Expected a 'decisionDefinitionKey' or a 'decisionDefinitionId'."
                )
            key = found.find_decision(connection, decision_id, "latest")
        elif not found.is_decision_in_use(connection, key):
            raise NotFoundError(
                f"Expected to find a decision definition with key '{key}', but there is none.",
                key=key,
            )
        if key is None:
            raise NotFoundError(
                f"Expected to find a decision with id '{decision_id}', but none is deployed."
            )
        decision = house.definitions.decision(connection, key)
        policy.may_evaluate_decision(person, decision.decision_id).require()
        answer = evaluate_decision(decision, variables, execution.unit, execution.snapshot)
        rows = rows_of(execution.unit, answer.record, person.username)
        connection.execute(insert(instances.decision_instances), rows)
        execution.unit.record(
            "decision.evaluated", who=person.username, **told_of(answer.record, rows[-1])
        )
        return DecisionEvaluation(
            key=rows[-1]["evaluation_key"],
            decision_key=key,
            decision_id=decision.decision_id,
            name=decision.name,
            version=decision.version,
            requirements_key=decision.requirements_key,
            requirements_id=decision.requirements.id,
            rows=tuple(rows),
            output=answer.output,
            failure=answer.record.outcome.failure_text,
            failed_decision_id=answer.record.outcome.failed_decision_id,
        )

    return transact(house, person, work)
