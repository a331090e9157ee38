"""BPMN signals."""

from service.usecases import signals
from service.usecases.house import House


def deliver(house: House, delivery_key: int) -> None:
    """Tell one receiver of a signal; a second delivery finds it done."""
    signals.deliver(house, delivery_key)
