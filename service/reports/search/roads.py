"""Shorter ways to rows than through all of their table.

A filter may ask for what another table keeps in order, and for what the person may see anyway. Then that
table is read, in its order and no farther than the page, and rights need not be asked of every row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from service.reports.search.conditions import Condition


@dataclass(frozen=True)
class Road:
    """A way to the rows that some fields of a filter ask for.

    Attributes:
        answers: The fields of the filter that it answers.
        conditions: In place of theirs.
        source: In place of the noun's.
        counted: The table that is enough to count the rows, where no other field is asked.
        key: The column that names one thing there.
        sorts: Sort field -> column there, where it is another than the noun's.
    """

    answers: frozenset[str]
    conditions: tuple[Condition, ...]
    source: FromClause
    counted: FromClause
    key: ColumnElement[Any]
    sorts: Mapping[str, ColumnElement[Any]]


def plain(given: Any) -> Any:
    """Return the value that a filter field must equal, None when it asks anything else."""
    if not isinstance(given, dict):
        return given
    if given.keys() == {"$eq"}:
        return given["$eq"]
    some = given["$in"] if given.keys() == {"$in"} else None
    return some[0] if isinstance(some, list) and len(some) == 1 else None
