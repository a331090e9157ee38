"""Batch operations: finding their items, working them off."""

from service.domain.errors import HuiyinError
from service.reports.search.batch_items import items
from service.usecases.batch_operations import control, work
from service.usecases.house import House


def prepare(house: House, key: int) -> None:
    """Find the items of a batch operation; a second delivery finds them found."""
    asked = control.wanted(house, key)
    if asked is None:
        control.end_preparation(house, key)
        return
    if asked.who is None:
        control.fail(house, key, "Expected who created it to be known, but he is known no more.")
        return
    try:
        with house.database.reading() as connection:
            found = items(connection, asked.who, asked.kind, asked.filter)
    except HuiyinError as refusal:
        control.fail(house, key, refusal.detail)
        return
    control.fill(house, key, found)


def run_chunk(house: House, chunk_key: int) -> None:
    """Work off the open items of a chunk; a second delivery finds them done."""
    work.work_off(house, chunk_key)
