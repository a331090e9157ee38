"""What can go wrong when a deadline is computed."""

from service.domain.errors import BadInputError


class NoWorkingTimeError(BadInputError):
    """The calendar holds no moment of the kind asked for within the years it is asked about."""
