"""Deleting ended instances: what they were made of goes, the append-only history stays.

Never before the house's retention is over where an instance belongs to a case (XC-AR-1); an instance
without a case may go at once, as in Camunda 8.
"""

from typing import Any

from sqlalchemy import delete, select

from service.domain.errors import NotFoundError, WrongStateError
from service.identity import Person, policy
from service.persistence.histories import BY_INSTANCE, BY_TASK
from service.persistence.tables import cases, instances, tasks
from service.persistence.unit import Unit
from service.usecases.execution.execution import Execution
from service.usecases.execution.running import LIVE_STATES
from service.usecases.house import House
from service.usecases.keeping import kept_until, years_of_house
from service.usecases.transaction import transact


def delete_ended(house: House, person: Person, key: int) -> None:
    """Delete an instance that has ended; what it called stays.

    Raises:
        NotFoundError: No such instance.
        NotAllowedError: He is no operator.
        WrongStateError: It has not ended, or its case must still be kept.
    """
    transact(house, person, lambda execution: delete_instance(execution, key))


def delete_instance(execution: Execution, key: int) -> None:
    """Delete an instance inside a transaction; errors as `delete_ended`."""
    policy.may_operate(execution.who).require()
    unit = execution.unit
    table = instances.process_instances
    query = select(table.c.key, table.c.state, table.c.case_key, table.c.root_key)
    row = unit.connection.execute(query.where(table.c.key == key).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find a process instance with key '{key}', but there is none.", key=key
        )
    _require_over(execution, row)
    remove(unit, key)
    unit.record(
        "instance.deleted",
        instance_key=key,
        root_key=row.root_key,
        who=execution.who.username,
        detail={"state": row.state},
    )


def remove(unit: Unit, key: int) -> None:
    """Remove the rows of an instance and of what it was made of; its events are kept."""
    task, file = tasks.user_tasks, cases.attachments
    task_keys = select(task.c.key).where(task.c.instance_key == key)
    for table in BY_TASK:
        unit.connection.execute(delete(table).where(table.c.task_key.in_(task_keys)))
    for table in (tasks.form_submissions, *BY_INSTANCE):
        is_its = table.c.instance_key == key
        if table is instances.message_correlations:
            # A message that is still kept has been used: without this row the next one would take it again.
            is_its &= table.c.message_key.not_in(select(instances.messages.c.key))
        unit.connection.execute(delete(table).where(is_its))
    gone = unit.connection.execute(
        delete(file)
        .where(file.c.instance_key == key, file.c.case_key.is_(None))
        .returning(file.c.id)
    ).scalars()
    contents = cases.attachment_contents
    unit.connection.execute(delete(contents).where(contents.c.id.in_(gone.all())))
    table = instances.process_instances
    unit.connection.execute(delete(table).where(table.c.key == key))


def _require_over(execution: Execution, row: Any) -> None:
    if row.state in LIVE_STATES:
        raise WrongStateError(
            f"Expected process instance '{row.key}' to have ended, but it is {row.state}.",
            key=row.key,
            state=row.state,
        )
    require_kept_no_longer(execution, row)


def require_kept_no_longer(execution: Execution, row: Any) -> None:
    """Refuse to delete what belongs to a case that must still be kept; its root instance says how long.

    Args:
        execution: The transaction.
        row: Of the process instance: `key`, `root_key`, `case_key`.

    Raises:
        WrongStateError: It must; says until when, or that the case is not over yet.
    """
    if row.case_key is None:
        return
    connection = execution.unit.connection
    table = instances.process_instances
    # The root may have been deleted before what it called.
    tree = select(table).where(table.c.key.in_((row.root_key, row.key)))
    root = connection.execute(tree.order_by(table.c.key != row.root_key)).first()
    if root is None or root.ended_at is None:
        raise WrongStateError(
            f"Expected the case of process instance '{row.key}' to be over, but it is not.",
            reason="open_case",
            key=row.key,
        )
    until = kept_until(connection, execution.house.definitions, root, years_of_house(connection))
    if execution.unit.now < until:
        raise WrongStateError(
            f"Expected process instance '{row.key}' to be kept no longer, but it belongs to a case "
            f"and is kept until {until.isoformat()}.",
            reason="retained",
            key=row.key,
            kept_until=until.date().isoformat(),
        )
