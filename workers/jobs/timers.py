"""BPMN timers."""

from datetime import timedelta

from service.usecases import timers
from service.usecases.house import House

AT_A_STRETCH = timedelta(seconds=5)
"""How long one message keeps a worker at it; other work gets its turn, and a later message goes on."""


def fire_due(house: House, _subject: int) -> None:
    """Start what is to start and fire timers until none is due; several workers at once take different ones."""
    now = house.outside.clock.now
    until = now() + AT_A_STRETCH
    timers.fire_starts(house)
    while timers.fire_due(house) == timers.BATCH and now() < until:
        pass
