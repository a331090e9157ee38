"""Errors that only the API knows."""

from collections.abc import Iterable

from service.domain.errors import HuiyinError


class TooLateError(HuiyinError):
    """What was waited for did not happen in time; it may still happen, or never will."""

    code = "DEADLINE_EXCEEDED"


class NotAcceptableError(HuiyinError):
    """The thing is there, but not in the form that was asked for."""

    code = "Not Acceptable"


class UnsupportedMediaError(HuiyinError):
    """The body is said to be of another type than the path takes."""

    code = "Unsupported Media Type"


class MethodNotAllowedError(HuiyinError):
    """The path is known, but not with this method.

    Attributes:
        allowed: The methods it has.
    """

    code = "Method Not Allowed"

    def __init__(self, detail: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(sorted(allowed))
        super().__init__(detail, allowed=self.allowed)
