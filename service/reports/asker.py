"""Whoever asks, in statements that are kept for all: his names are parameters, given as it is asked.

To write a statement takes Python as long as to ask it. What everybody looks at is written once for all
who have as many groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, bindparam

from service.identity import Person


@dataclass(frozen=True)
class Asker:
    """Somebody in place of a person, where a statement names him and his groups."""

    username: ColumnElement[str]
    groups: Sequence[ColumnElement[str]]


def asker(group_count: int) -> Asker:
    """Return somebody with that many groups."""
    groups = [bindparam(f"asker_group_{place}", type_=Text()) for place in range(group_count)]
    return Asker(bindparam("asker", type_=Text()), groups)


def names_of(person: Person) -> dict[str, str]:
    """Return the values with which a statement of an `asker` is asked by a person."""
    groups = {f"asker_group_{place}": key for place, key in enumerate(sorted(person.groups))}
    return {"asker": person.username, **groups}
