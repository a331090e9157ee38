"""What can be searched: where it stands, how it is filtered, sorted, guarded and shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row

from service.identity import Person
from service.reports.search.conditions import Condition, Filters
from service.reports.search.pages import Order
from service.reports.search.reach import Reach
from service.reports.search.roads import Road
from service.reports.search.windows import Window


@dataclass(frozen=True, eq=False)
class Noun:
    """What can be searched; each is itself alone, however alike another one is.

    Attributes:
        name: In refusals: «Expected to find a user task with key …».
        source: The table, joined with what the columns need; one row a thing.
        columns: What `show` reads, by label.
        key: The column that names one thing and breaks ties in every order: a key, or its id as text.
        sorts: Sort field -> column.
        visible: The condition that a person may see a row.
        show: Row -> the API's object, all its required fields there.
        implies_sight: Whether a filter (fields that are not null) finds only what a person may see.
        road: The shorter way to what a filter asks for, or None.
        window: How the first rows are looked through where there is no filter, or None.
        reach: How the rows are found from the side of somebody who sees few, or None.
        parts: Of a union that `source` is: what it is made of, each with its columns; empty: it is none.
        usual: The order of whoever asks for none, before the key; its fields are among the sorts.
    """

    name: str
    source: FromClause
    columns: Sequence[ColumnElement[Any]]
    key: ColumnElement[Any]
    filters: Filters
    sorts: Mapping[str, ColumnElement[Any]]
    visible: Callable[[Person], Condition]
    show: Callable[[Row[Any]], dict[str, Any]]
    implies_sight: Callable[[Person, Mapping[str, Any]], bool] = lambda _person, _filter: False
    road: Callable[[Mapping[str, Any]], Road | None] = lambda _filter: None
    window: Window | None = None
    reach: Reach | None = None
    parts: Sequence[FromClause] = ()
    usual: Sequence[Order] = ()
