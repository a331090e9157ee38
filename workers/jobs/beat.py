"""The look through the database that beat asks for each second."""

from service.domain import jobs
from service.domain.outside import QueueDownError
from service.usecases import clocks, heartbeats, outbox, sweeps, timers
from service.usecases.house import House

LOOK = 500
"""Rows of each kind taken at one look; the rest waits for the next one, a second later."""

MOST_FIRING = 4
"""Workers that one look sets to fire timers; each goes on while batches are full."""


def poll(house: House, _subject: int) -> None:
    """Claim what is due and hand each piece to some worker; what gets lost is claimed again later."""
    heartbeats.beat(house, "worker")
    due = [(jobs.FIRE_TIMERS, 0)] * _firing_workers(house)
    due += [(jobs.RUN_CLOCK, key) for key in clocks.claim_due(house, LOOK)]
    due += [(row.job, row.subject_key) for row in outbox.claim_unsent(house, LOOK)]
    for job, subject_key in due:
        try:
            house.outside.queue.send(job, subject_key)
        except QueueDownError:
            return


def _firing_workers(house: House) -> int:
    """Return how many workers are to fire timers: one for each batch that waits, up to `MOST_FIRING`."""
    waiting = timers.count_due(house, MOST_FIRING * timers.BATCH)
    return -(-waiting // timers.BATCH)


def sweep(house: House, _subject: int) -> None:
    """Remove what is over."""
    sweeps.sweep(house)
