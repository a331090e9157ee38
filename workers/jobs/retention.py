"""Histories whose time is over."""

from service.usecases import retention
from service.usecases.house import House


def run(house: House, _subject: int) -> None:
    """Freeze some and delete some; the next run goes on."""
    retention.run(house)
