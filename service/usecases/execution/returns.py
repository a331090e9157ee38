"""What called processes give back while their caller is suspended: kept, and taken when it is resumed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from service.engine.values import Step
from service.engine.waits import ErrorThrown
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.execution.running import RunningInstance


@dataclass(frozen=True)
class Return:
    """What a called process gave back to a call activity: an error, or its root variables.

    Attributes:
        escalation_code: Of an escalation; then there is nothing else, and the called process may go on.
    """

    element_key: int
    thrown: ErrorThrown | None
    outputs: Mapping[str, Any]
    escalation_code: str | None = None


def keep_return(unit: Unit, caller: RunningInstance, element_key: int, step: Step) -> None:
    """Keep how a called process ended until its caller is resumed."""
    thrown = step.thrown
    variables = step.root_variables if thrown is None else thrown.variables
    unit.connection.execute(
        insert(instances.suspended_returns).values(
            key=unit.new_key(),
            instance_key=caller.key,
            element_instance_key=element_key,
            variables=dict(variables or {}),
            error_code=thrown.code if thrown else None,
            error_message=thrown.message if thrown else None,
        )
    )


def keep_escalation(unit: Unit, caller: RunningInstance, element_key: int, code: str) -> None:
    """Keep an escalation of a called process until its caller is resumed."""
    unit.connection.execute(
        insert(instances.suspended_returns).values(
            key=unit.new_key(),
            instance_key=caller.key,
            element_instance_key=element_key,
            variables={},
            escalation_code=code,
        )
    )


def take_returns(unit: Unit, caller: RunningInstance) -> Iterator[Return]:
    """Give what was kept for an instance, oldest first; it is kept no longer."""
    table = instances.suspended_returns
    mine = table.c.instance_key == caller.key
    rows = unit.connection.execute(select(table).where(mine).order_by(table.c.key)).all()
    unit.connection.execute(delete(table).where(mine))
    for row in rows:
        thrown = None
        if row.error_code is not None:
            thrown = ErrorThrown(row.error_code, row.error_message or "", row.variables)
        yield Return(row.element_instance_key, thrown, row.variables, row.escalation_code)


def drop_returns(unit: Unit, caller: RunningInstance) -> None:
    """Forget what was kept for an instance that ends, or is cancelled: its calls end with it."""
    unit.delete(instances.suspended_returns, "instance_key", [caller.key])
