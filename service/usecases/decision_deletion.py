"""Deletion of what was decided: an evaluation with all decisions that it took.

What a case must keep cannot be deleted. That something was deleted stays in the events.

Source: Camunda 8, decision instance deletion; XC-AR-1.
"""

from sqlalchemy import delete, select

from service.domain.errors import NotFoundError
from service.identity import Person, policy
from service.persistence.tables import instances
from service.usecases.deletion import require_kept_no_longer
from service.usecases.execution.execution import Execution
from service.usecases.house import House
from service.usecases.transaction import transact

_decision, _instance = instances.decision_instances, instances.process_instances


def delete_decisions(house: House, person: Person, evaluation_key: int) -> None:
    """Delete an evaluation: the decision that was asked for, and those it required.

    Raises:
        NotFoundError: No such evaluation.
        NotAllowedError: He is neither an operator nor authorized.
        WrongStateError: It belongs to a case that must still be kept.
    """
    transact(house, person, lambda execution: delete_evaluation(execution, evaluation_key))


def delete_evaluation(execution: Execution, evaluation_key: int) -> None:
    """Delete an evaluation inside a transaction; errors as `delete_decisions`."""
    policy.may_delete_decisions(execution.who).require()
    unit = execution.unit
    query = select(_decision.c.decision_id, _decision.c.instance_key, _decision.c.is_root)
    rows = unit.connection.execute(
        query.where(_decision.c.evaluation_key == evaluation_key).order_by(_decision.c.position)
    ).all()
    if not rows:
        raise NotFoundError(
            f"Expected to find a decision instance with key '{evaluation_key}', but there is none.",
            key=evaluation_key,
        )
    instance_key = rows[0].instance_key
    kept = select(_instance.c.key, _instance.c.case_key, _instance.c.root_key)
    instance = unit.connection.execute(kept.where(_instance.c.key == instance_key)).one_or_none()
    if instance is not None:
        require_kept_no_longer(execution, instance)
    unit.connection.execute(delete(_decision).where(_decision.c.evaluation_key == evaluation_key))
    unit.record(
        "decision.deleted",
        instance_key=instance_key,
        root_key=None if instance is None else instance.root_key,
        who=execution.who.username,
        detail={
            "evaluation_key": str(evaluation_key),
            "decision_id": next((row.decision_id for row in rows if row.is_root), ""),
        },
    )
