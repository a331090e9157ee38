"""The sweep: what is over is taken away; never anything that a case or the history needs."""

from datetime import timedelta

from sqlalchemy import delete, select

from service.persistence.tables import cases, instances, tasks
from service.persistence.tables import house as house_tables
from service.persistence.unit import Unit
from service.usecases import resource_deletion, start_triggers
from service.usecases.house import House

OUTBOX_KEPT_FOR = timedelta(days=30)
SIGN_IN_FAILURES_KEPT_FOR = timedelta(days=1)
HAND_INS_KEPT_FOR = timedelta(days=7)
"""How long a page may stay open with a paper whose first attempt came through unseen."""


def sweep(house: House) -> None:
    """Remove what is over: messages, signals, unbound files, done outbox rows, failed sign-ins, ids of papers.

    Triggers of parallel starts that have waited too long for the others are dropped. Deleted processes of
    which nothing runs any more are deleted for good.
    """
    resource_deletion.finish_draining(house)
    with house.database.unit(house.outside) as unit:
        _sweep_messages(unit)
        start_triggers.sweep(unit)
        _sweep_signals(unit)
        _sweep_files(unit)
        outbox, failures = house_tables.outbox, house_tables.sign_in_failures
        unit.connection.execute(
            delete(outbox).where(outbox.c.done_at <= unit.now - OUTBOX_KEPT_FOR)
        )
        unit.connection.execute(
            delete(failures).where(failures.c.at <= unit.now - SIGN_IN_FAILURES_KEPT_FOR)
        )
        unit.connection.execute(
            delete(tasks.hand_ins).where(tasks.hand_ins.c.at <= unit.now - HAND_INS_KEPT_FOR)
        )
        unit.commit()


def _sweep_messages(unit: Unit) -> None:
    """Remove messages that nobody can take any more, and what deleted instances have left to them."""
    message, used = instances.messages, instances.message_correlations
    instance = instances.process_instances
    is_over = message.c.expires_at <= unit.now
    gone = ~select(instance.c.key).where(instance.c.key == used.c.instance_key).exists()
    over = select(message.c.key).where(is_over)
    unit.connection.execute(delete(used).where(used.c.message_key.in_(over), gone))
    unit.connection.execute(delete(message).where(is_over))


def _sweep_signals(unit: Unit) -> None:
    """Remove signals that have reached everybody."""
    table, deliveries = instances.signals, instances.signal_deliveries
    waiting = select(deliveries.c.key).where(deliveries.c.signal_key == table.c.key)
    unit.connection.execute(delete(table).where(~waiting.exists()))


def _sweep_files(unit: Unit) -> None:
    """Remove files that no form has named by their end; one that a form binds in this moment stays whole."""
    table, contents = cases.attachments, cases.attachment_contents
    is_over = ~table.c.is_bound & (table.c.expires_at <= unit.now)
    gone = unit.connection.execute(delete(table).where(is_over).returning(table.c.id)).scalars()
    unit.connection.execute(delete(contents).where(contents.c.id.in_(gone.all())))
