"""A list that is a union: each part is asked for as many of its first rows as the page has.

A database puts the parts of a union together before it sorts them; the first of all are among the first of
each.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import FromClause, Select, Subquery, select, union_all
from sqlalchemy.sql.visitors import replacement_traverse


def first_of(
    rows: Select[Any], whole: FromClause, parts: Sequence[FromClause], name: str
) -> Subquery:
    """Return the rows of a bounded select, read from each part; again too many, and in no order.

    Args:
        rows: Of `whole`, sorted and with a limit; no offset.
        whole: The union.
        parts: What it is made of, with the same names of columns.
        name: Of what is returned, which has the columns of `rows`.
    """
    bounded = (_read_from(rows, whole, part).subquery() for part in parts)
    return union_all(*(select(one) for one in bounded)).subquery(name)


def _read_from(rows: Select[Any], whole: FromClause, part: FromClause) -> Select[Any]:
    """Return the select that reads from `part` what it read from `whole`."""

    def replaced(element: Any, **_more: Any) -> Any:
        if element is whole:
            return part
        is_column = getattr(element, "table", None) is whole
        return part.c[element.key] if is_column else None

    return cast(Select[Any], replacement_traverse(rows, {}, replaced))
