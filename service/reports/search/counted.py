"""Nouns made of counts: one row a group, searched, sorted and paged like any other noun."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, true

from service.reports.search.conditions import Filters
from service.reports.search.noun import Noun
from service.reports.search.pages import Order


def counted(
    name: str,
    query: Select[Any],
    key: str,
    show: Callable[[Row[Any]], dict[str, Any]],
    sorts: Mapping[str, str] | None = None,
    usual: Sequence[Order] = (),
) -> Noun:
    """Return the noun of a grouped query; who may see what, and the filter, are in the query already.

    Args:
        name: In refusals.
        query: One row a group.
        key: Label of the column that names a group.
        show: Row -> the API's object.
        sorts: Sort field -> label of a column.
        usual: The order of whoever asks for none, before the key.
    """
    groups = query.subquery()
    columns: Sequence[ColumnElement[Any]] = tuple(groups.c)
    return Noun(
        name=name,
        source=groups,
        columns=columns,
        key=groups.c[key],
        filters=Filters({}),
        sorts={field: groups.c[label] for field, label in (sorts or {}).items()},
        visible=lambda person: true(),
        show=show,
        usual=usual,
    )
