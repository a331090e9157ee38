"""Background jobs, a module a noun: load by key, do it, once."""

from collections.abc import Callable

from service.domain import jobs
from service.usecases.house import House
from workers.jobs import (
    archives,
    batch_operations,
    beat,
    chases,
    clocks,
    countersigns,
    mails,
    retention,
    signals,
    timers,
)

Job = Callable[[House, int], None]

REGISTERED: dict[str, Job] = {
    jobs.DELIVER_MAIL: mails.deliver,
    jobs.NOTIFY_SIGNERS: countersigns.notify_signers,
    jobs.END_CHASE: chases.end,
    jobs.FREEZE_ARCHIVE: archives.freeze,
    jobs.FIRE_TIMERS: timers.fire_due,
    jobs.DELIVER_SIGNAL: signals.deliver,
    jobs.RUN_CLOCK: clocks.run,
    jobs.PREPARE_BATCH: batch_operations.prepare,
    jobs.RUN_BATCH_CHUNK: batch_operations.run_chunk,
    jobs.POLL: beat.poll,
    jobs.SWEEP: beat.sweep,
    jobs.RETAIN: retention.run,
}
"""Every job of `domain.jobs.ALL`, by name."""
