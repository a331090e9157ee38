"""Logs: one line of JSON an event on standard error, by structlog; never form values, names or tokens."""

import logging
import sys
import time
from collections.abc import Callable

import structlog


def set_up_logs() -> None:
    """Send structlog and the standard library's logs to standard error, one line each."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")


class Seldom(logging.Filter):
    """Lets failures of one kind be told once in a while: what lasts is one failure, not thousands.

    Of a database that is away each job would tell anew, with all that led there: megabytes a minute.
    """

    def __init__(
        self,
        *kinds: type[BaseException],
        every_s: float = 60.0,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the kinds; each class of them is told once in `every_s`. `seconds` tells how time passes."""
        super().__init__()
        self._kinds = kinds
        self._every_s = every_s
        self._seconds = seconds
        self._told_at: dict[type[BaseException], float] = {}
        self._untold: dict[type[BaseException], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be told; it says then how many like it were not."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, self._kinds):
            return True
        kind, now = type(error), self._seconds()
        if kind in self._told_at and now - self._told_at[kind] < self._every_s:
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return False
        self._told_at[kind] = now
        untold = self._untold.pop(kind, 0)
        if untold:
            record.msg = f"{record.getMessage()} (and {untold} times before)"
            record.args = None
        return True
