"""The clock: pinned and released for tests, where the operator allows it."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from service.api import wire
from service.api.context import house
from service.api.routes import SETS_CLOCK, done, route
from service.domain.errors import BadInputError, NotAllowedError
from service.domain.outside import PinnableClock

blueprint = Blueprint("api_clock", __name__)

LATEST_MS = 253_402_300_799_000
"""The end of the year 9999."""


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


@route(blueprint, "POST", "/clock/reset", SETS_CLOCK, command="RESET")
def reset() -> Response:
    """Let the house go with the machine's clock again.

    Raises:
        NotAllowedError: The operator does not allow it (`HUIYIN_CLOCK_CONTROL`).
    """
    _clock().release()
    return done()


def _clock() -> PinnableClock:
    clock = house().outside.clock
    if not isinstance(clock, PinnableClock):
        raise NotAllowedError(
            "Expected the operator to allow the clock to be set (HUIYIN_CLOCK_CONTROL), but he "
            "does not."
        )
    return clock
