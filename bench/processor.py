"""Processor time of the parts of a house: a figure that other work on the machine does not change."""

from collections.abc import Sequence

import psutil
from sqlalchemy import text

from service.usecases.house import House


class Meter:
    """Reads how long the web server and the database server have computed."""

    def __init__(self, house: House, web_pid: int) -> None:
        """Take the house, to find its database server, and the web server's process id."""
        self._roots = [psutil.Process(web_pid)]
        if not house.database.is_sqlite:
            with house.database.reading() as connection:
                backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            postmaster = psutil.Process(backend).parent()
            assert postmaster is not None
            self._roots.append(postmaster)

    def seconds(self) -> float:
        """Return the seconds so far of all their processes that still run."""
        return sum(self.each())

    def each(self) -> list[float]:
        """Return the seconds so far of the web server's processes and of the database server's."""
        return [_seconds([root, *root.children(recursive=True)]) for root in self._roots]


def _seconds(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return float(sum(one.user + one.system for one in times))
