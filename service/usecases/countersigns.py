"""Countersign rounds: telling the signers that a signature is waited for (XC-CS-1)."""

from sqlalchemy import select

from service.domain import jobs
from service.notifications import texts
from service.persistence.tables import tasks
from service.usecases import outbox
from service.usecases.house import House
from service.usecases.notifications import notify
from service.usecases.task_notices import doers, facts_of


def notify_signers(house: House, scope_key: int) -> bool:
    """Tell each signer of a round, once; False when they have been told or the round is over."""
    table = tasks.user_tasks
    with house.database.unit(house.outside) as unit:
        if outbox.is_done(unit, jobs.NOTIFY_SIGNERS, scope_key):
            return False
        rows = unit.connection.execute(
            select(table)
            .where(table.c.scope_key == scope_key, table.c.state == "CREATED")
            .order_by(table.c.key)
        ).all()
        for row in rows:
            text = texts.signature_wanted(facts_of(unit.connection, row, house.rules.public_url))
            notify(
                unit,
                to=doers(row),
                subject=text.subject,
                body=text.body,
                message_id="XC-CS-1",
                case_key=row.case_key,
                task_key=row.key,
            )
        outbox.done(unit, jobs.NOTIFY_SIGNERS, scope_key)
        unit.commit()
    return bool(rows)
