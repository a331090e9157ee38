"""The clock: read by anybody; set for tests, where the operator allows it."""

from datetime import UTC, datetime, timedelta
from re import IGNORECASE
from re import compile as compile_pattern

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house
from service.api.routes import SETS_CLOCK, SIGNED_IN, answer, done, route
from service.domain.errors import BadInputError, NotAllowedError
from service.domain.outside import PinnableClock
from service.reports.search.kinds import refused
from service.reports.search.wire import moment_text

blueprint = Blueprint("api_clock", __name__)

LATEST_MS = 253_402_300_799_000
"""The end of the year 9999."""

_EARLIEST, _LATEST = (datetime.fromtimestamp(ms // 1000, UTC) for ms in (0, LATEST_MS))
_OFFSET = compile_pattern(
    r"(?P<sign>[-+]?)P(?:(?P<days>[-+]?\d{1,7})D)?"
    r"(?:T(?=[-+\d])(?:(?P<hours>[-+]?\d{1,8})H)?(?:(?P<minutes>[-+]?\d{1,10})M)?"
    r"(?:(?P<seconds>[-+]?\d{1,11}(?:\.\d{1,9})?)S)?)?",
    IGNORECASE,
)
"""Source: `java.time.Duration.parse`."""


@route(blueprint, "GET", "/clock", SIGNED_IN)
def now() -> Response:
    """Return the time that the house goes by."""
    return answer({"timestamp": moment_text(house().outside.clock.now())})


@route(blueprint, "PUT", "/clock", SETS_CLOCK, command="PIN")
def pin() -> Response:
    """Let the house stand at a moment, in milliseconds since 1970.

    Raises:
        NotAllowedError: The operator does not allow it (`HUIYIN_CLOCK_CONTROL`).
    """
    milliseconds = wire.body().integer("timestamp", None, least=0)
    if milliseconds is None or milliseconds > LATEST_MS:
        raise BadInputError(
            f"Expected 'timestamp' to be an integer of 0 to {LATEST_MS}.", field="timestamp"
        )
    _clock().pin(datetime.fromtimestamp(milliseconds / 1000, UTC))
    return done()


@route(blueprint, "POST", "/clock/add", SETS_CLOCK, command="ADD")
def add() -> Response:
    """Go ahead, or back, by an offset; a pinned clock stays pinned. Returns the new time.

    Raises:
        NotAllowedError: The operator does not allow it (`HUIYIN_CLOCK_CONTROL`).
        BadInputError: No duration of days, hours, minutes and seconds, or it leads before 1970 or behind 9999.
    """
    offset = _offset(wire.body().required_text("offset"))
    clock = _clock()
    try:
        moment = clock.now() + offset
    except OverflowError:
        moment = None
    if moment is None or not _EARLIEST <= moment <= _LATEST:
        raise BadInputError(
            "Expected 'offset' to lead to a time of 1970 to 9999, but it does not.", field="offset"
        )
    clock.set_to(moment)
    return answer({"timestamp": moment_text(moment)})


@route(blueprint, "POST", "/clock/reset", SETS_CLOCK, command="RESET")
def reset() -> Response:
    """Let the house go with the machine's clock again.

    Raises:
        NotAllowedError: The operator does not allow it (`HUIYIN_CLOCK_CONTROL`).
    """
    _clock().release()
    return done()


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    parts = {} if found is None else {k: v for k, v in found.groupdict().items() if v}
    sign = -1 if parts.pop("sign", "") == "-" else 1
    if not parts:
        raise refused("offset", "an ISO 8601 duration of days, hours, minutes and seconds", text)
    return sign * timedelta(**{name: float(value) for name, value in parts.items()})


def _clock() -> PinnableClock:
    clock = house().outside.clock
    if not isinstance(clock, PinnableClock):
        raise NotAllowedError(
            "Expected the operator to allow the clock to be set (HUIYIN_CLOCK_CONTROL), but he "
            "does not."
        )
    return clock
