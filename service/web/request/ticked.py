"""Lines of a list that somebody ticked to do something with all of them."""

from flask import request

from service.domain.errors import BadInputError


def keys(name: str, *, none_ticked: str) -> tuple[int, ...]:
    """Return the keys that were ticked, in ascending order, each once.

    Args:
        name: Of the boxes.
        none_ticked: What people read when there is none.

    Raises:
        BadInputError: None is ticked.
    """
    found = {int(text) for text in request.form.getlist(name) if text.isdecimal()}
    if not found:
        raise BadInputError(f"Expected at least one {name}.", message=none_ticked)
    return tuple(sorted(found))
