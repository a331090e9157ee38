"""Outgoing mail."""

from service.usecases import mails
from service.usecases.house import House


def deliver(house: House, mail_key: int) -> None:
    """Send a mail that waits; a second delivery finds it sent."""
    mails.deliver(house, mail_key)
