"""Chases of overdue tasks (催办)."""

from service.usecases import chases
from service.usecases.house import House


def end(house: House, task_key: int) -> None:
    """End the chase of a task that is over; a second delivery finds none."""
    chases.end(house, task_key)
