"""Countersign rounds: telling the signers."""

from service.usecases import countersigns
from service.usecases.house import House


def notify_signers(house: House, scope_key: int) -> None:
    """Tell each signer of a round that a signature is waited for; a second delivery tells nobody again."""
    countersigns.notify_signers(house, scope_key)
