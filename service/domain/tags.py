"""What the tags of a process instance may be.

Source: Camunda 8 API v2, `Tag`.
"""

from collections.abc import Iterable
from re import compile as compile_pattern

_TAG = compile_pattern(r"[A-Za-z][A-Za-z0-9_\-:.]{0,99}\Z")
MOST_TAGS = 10

EXPECTED = f"at most {MOST_TAGS} words of letters, digits and _-:. that begin with a letter"


def are_tags(tags: Iterable[str]) -> bool:
    """Tell whether an instance may have all of these; one that is named twice is one."""
    distinct = set(tags)
    return len(distinct) <= MOST_TAGS and all(_TAG.match(tag) for tag in distinct)
