"""BPMN timers."""

from service.usecases import timers
from service.usecases.house import House


def fire(house: House, timer_key: int) -> None:
    """Trigger a due timer; a second delivery finds it done."""
    timers.fire(house, timer_key)
