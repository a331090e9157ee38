"""What has come of parallel multiple start events and never became complete: dropped by operators or by age.

What is dropped starts nothing any more and its content is gone at once. Of a message that is still buffered
the row stays until the message goes, too: it says that the message was used for the process.

Source: none, our own (docs/decisions/0022).
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update

from service.domain.errors import NotFoundError
from service.identity import Person, policy
from service.persistence.facts import cluster_variables
from service.persistence.locks import hold
from service.persistence.tables import definitions, instances
from service.persistence.unit import Unit
from service.usecases.execution.gathering import lock_of
from service.usecases.house import House
from service.usecases.transaction import SYSTEM

KEPT_PARAMETER = "START_TRIGGERS_KEPT_DAYS"
KEPT_DAYS = 90
"""Days that a trigger waits for the others, unless the parameter says otherwise; 0: for good."""

_table, _message = definitions.start_triggers, instances.messages


def drop(house: House, person: Person, keys: Sequence[int]) -> None:
    """Drop triggers that wait for others, all or none.

    Raises:
        NotAllowedError: He is no operator.
        NotFoundError: One of them waits no more.
    """
    policy.may_operate(person).require()
    which = _table.c.key.in_(keys)
    with house.database.unit(house.outside) as unit:
        _hold(unit, which)
        query = select(_table.c.key).where(which, _table.c.dropped_at.is_(None))
        missing = sorted(set(keys).difference(unit.connection.execute(query).scalars()))
        if missing:
            raise NotFoundError(
                f"Expected to find a trigger '{missing[0]}' that waits for others, but there is none.",
                key=missing[0],
            )
        _drop(unit, which, person.username)
        unit.commit()


def sweep(unit: Unit) -> None:
    """Drop what has waited longer than the parameter says, and forget what was dropped for good."""
    days = int(cluster_variables(unit.connection).get(KEPT_PARAMETER, KEPT_DAYS))
    if days > 0:
        is_old = _table.c.came_at <= unit.now - timedelta(days=days)
        _hold(unit, is_old)
        _drop(unit, is_old, SYSTEM.username)
    is_buffered = exists().where(_message.c.key == _table.c.message_key)
    unit.connection.execute(delete(_table).where(_table.c.dropped_at.is_not(None), ~is_buffered))


def _hold(unit: Unit, which: ColumnElement[bool]) -> None:
    """Let no trigger of these processes come or start anything until the transaction is over."""
    query = select(_table.c.process_id).where(which, _table.c.dropped_at.is_(None)).distinct()
    for process_id in sorted(unit.connection.execute(query).scalars().all()):
        hold(unit.connection, lock_of(process_id))


def _drop(unit: Unit, which: ColumnElement[bool], who: str) -> None:
    waiting = and_(which, _table.c.dropped_at.is_(None))
    event = (_table.c.process_id, _table.c.element_id)
    counted = select(*event, func.count().label("number")).where(waiting).group_by(*event)
    for row in unit.connection.execute(counted.order_by(*event)).all():
        unit.record(
            "start_triggers.dropped",
            element_id=row.element_id,
            who=who,
            detail={"process_id": row.process_id, "count": row.number},
        )
    gone = update(_table).where(waiting).values(dropped_at=unit.now, variables={})
    unit.connection.execute(gone)
