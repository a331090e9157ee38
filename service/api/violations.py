"""All that is wrong with a request, told at once.

What cannot be read (another type of JSON, an unknown field or word) comes before what should be other: it is
told alone.

Source: Camunda 8 (`RequestValidator.createProblemDetail` joins what its validators found).
"""

from collections.abc import Callable, Sequence

from service.domain.errors import BadInputError, BadInputsError, HuiyinError

_UNREADABLE_FOR = frozenset({"broken_json", "missing_body", "other_type", "unknown_field"})
"""Facts of errors about what could not be read, before anything was asked of it."""


def is_unreadable(error: HuiyinError) -> bool:
    """Return True when what was sent could not be read."""
    return bool(_UNREADABLE_FOR & error.facts.keys())


def require_all(*reads: Callable[[], object]) -> None:
    """Read each of these once; what they give is read again where it is needed.

    Raises:
        BadInputError: One of them is refused, or cannot be read.
        BadInputsError: Several are refused.
    """
    refusals: list[BadInputError] = []
    for read in reads:
        try:
            read()
        except BadInputsError as error:
            refusals.extend(error.each)
        except BadInputError as error:
            refusals.append(error)
    if refusals:
        raise joined(refusals)


def joined(refusals: Sequence[BadInputError]) -> BadInputError:
    """Return the refusal that says what each of these says; there is at least one."""
    unread = next((one for one in refusals if is_unreadable(one)), None)
    if unread is not None:
        return unread
    return refusals[0] if len(refusals) == 1 else BadInputsError(refusals)
