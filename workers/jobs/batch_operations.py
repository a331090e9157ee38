"""Batch operations: finding their items, working them off."""

from service.domain.errors import BusyError, HuiyinError, OverloadedError
from service.reports.search.batch_items import Keys, items
from service.usecases.batch_operations import finding, work
from service.usecases.house import House


def prepare(house: House, key: int) -> None:
    """Find the next items of a batch operation; a second delivery finds them found."""
    asked = finding.wanted(house, key)
    if asked is None:
        finding.end(house, key)
        return
    if asked.who is None:
        finding.fail(house, key, "Expected who created it to be known, but he is known no more.")
        return
    keys = Keys(finding.STRETCH, after=asked.found_until, before=key)
    try:
        with house.database.reading() as connection:
            found = items(connection, asked.who, asked.kind, asked.filter, keys)
    except (BusyError, OverloadedError):
        # Of the moment: the job is delivered again.
        raise
    except HuiyinError as refusal:
        finding.fail(house, key, refusal.detail)
        return
    finding.fill(house, key, asked.found_until, found)


def run_chunk(house: House, chunk_key: int) -> None:
    """Work off the open items of a chunk; a second delivery finds them done."""
    work.work_off(house, chunk_key)
