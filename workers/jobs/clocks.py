"""Reminder and overdue marks of user tasks."""

from service.usecases import clocks
from service.usecases.house import House


def run(house: House, task_key: int) -> None:
    """Carry out a mark that is due; a second delivery finds it done."""
    clocks.run(house, task_key)
