"""Frozen files of archived cases."""

from service.usecases import archives
from service.usecases.house import House


def freeze(house: House, archive_key: int) -> None:
    """Make the frozen file of an archive; a second delivery finds it made."""
    archives.freeze(house, archive_key)
