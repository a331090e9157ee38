"""A noun that can be searched, and the search itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from service.domain.errors import NotFoundError
from service.identity import Person
from service.reports.search.conditions import Condition, Filters
from service.reports.search.kinds import refused
from service.reports.search.pages import (
    Cursor,
    Order,
    Page,
    cursor_text,
    read_orders,
    read_page,
)

COUNTED = 10_000
"""Rows counted for `totalItems`; beyond them `hasMoreTotalItems` is true."""


@dataclass(frozen=True)
class Noun:
    """What can be searched: where it stands, how it is filtered, sorted, guarded and shown.

    Attributes:
        name: In refusals: «Expected to find a user task with key …».
        source: The table, joined with what the columns need; one row a thing.
        columns: What `show` reads, by label.
        key: The column that names one thing and breaks ties in every order: a key, or its id as text.
        sorts: Sort field -> column.
        visible: The condition that a person may see a row.
        show: Row -> the API's object, all its required fields there.
    """

    name: str
    source: FromClause
    columns: Sequence[ColumnElement[Any]]
    key: ColumnElement[Any]
    filters: Filters
    sorts: Mapping[str, ColumnElement[Any]]
    visible: Callable[[Person], Condition]
    show: Callable[[Row[Any]], dict[str, Any]]


def search(
    connection: Connection,
    person: Person,
    noun: Noun,
    body: Mapping[str, Any],
    *within: Condition,
) -> dict[str, Any]:
    """Return the API's answer to a search body: `items` and `page`.

    Args:
        within: Conditions beside the filter (the tasks of one instance and the like).

    Raises:
        BadInputError: An unknown field, operator or order, a wrong type, a bad page; the text names it.
    """
    orders = read_orders(body.get("sort"), noun.sorts)
    page = read_page(body.get("page"), orders, noun.sorts, noun.key)
    conditions = [
        noun.visible(person),
        *within,
        *noun.filters.conditions(body.get("filter")),
    ]
    rows = connection.execute(_page_query(noun, orders, page, conditions)).all()
    if page.before is not None:
        rows = rows[::-1]
    total = _count(connection, noun, conditions)
    return {
        "items": [noun.show(row) for row in rows],
        "page": {
            "totalItems": min(total, COUNTED),
            "hasMoreTotalItems": total > COUNTED,
            "startCursor": _cursor_of(rows[0], orders) if rows else None,
            "endCursor": _cursor_of(rows[-1], orders) if rows else None,
        },
    }


def find(connection: Connection, person: Person, noun: Noun, key: int | str) -> dict[str, Any]:
    """Return the API's object of one key (or id).

    Raises:
        NotFoundError: There is none, or the person may not know that there is.
    """
    return noun.show(row_of(connection, person, noun, key))


def row_of(connection: Connection, person: Person, noun: Noun, key: int | str) -> Row[Any]:
    """Return the row of one key, with the columns of the noun.

    Raises:
        NotFoundError: There is none, or the person may not know that there is.
    """
    query = select(*noun.columns).select_from(noun.source)
    row = connection.execute(query.where(noun.key == key, noun.visible(person))).first()
    if row is None:
        raise NotFoundError(
            f"Expected to find a {noun.name} with {_key_word(noun)} '{key}', but there is none.",
            key=key,
        )
    return row


def _key_word(noun: Noun) -> str:
    return "id" if noun.key.type.python_type is str else "key"


def read_body(given: Any) -> Mapping[str, Any]:
    """Return a search body as an object; none or null is the empty one.

    Raises:
        BadInputError: It is something else.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise refused("body", "an object", given)
    return given


def _page_query(
    noun: Noun, orders: Sequence[Order], page: Page, conditions: Sequence[Condition]
) -> Select[Any]:
    is_backward = page.before is not None
    sort_columns = [noun.sorts[order.field] for order in orders]
    labelled = [column.label(f"sort_{i}") for i, column in enumerate(sort_columns)]
    query = select(*noun.columns, *labelled, noun.key.label("sort_key")).select_from(noun.source)
    query = query.where(*conditions)
    cursor = page.after or page.before
    if cursor is not None:
        query = query.where(_beyond(noun, orders, cursor, is_backward=is_backward))
    for order, column in zip(orders, sort_columns, strict=True):
        if getattr(column, "nullable", True):
            is_none = column.is_(None)
            query = query.order_by(is_none.desc() if is_backward else is_none)
        query = query.order_by(
            column.desc() if order.is_descending != is_backward else column.asc()
        )
    query = query.order_by(noun.key.desc() if is_backward else noun.key.asc())
    return query.limit(page.limit).offset(page.offset or None)


def _beyond(noun: Noun, orders: Sequence[Order], cursor: Cursor, *, is_backward: bool) -> Condition:
    """Return «the row stands after (before) the cursor»; rows without a value come last in any order."""
    beyond: Condition = noun.key < cursor.key if is_backward else noun.key > cursor.key
    for order, value in reversed(list(zip(orders, cursor.values, strict=True))):
        column = noun.sorts[order.field]
        same = column.is_(None) if value is None else column == value
        farther: Condition
        if value is None:
            farther = column.is_not(None) if is_backward else false()
        elif is_backward:
            farther = column > value if order.is_descending else column < value
        else:
            next_one = column < value if order.is_descending else column > value
            farther = or_(next_one, column.is_(None))
        beyond = or_(farther, and_(same, beyond))
    return beyond


def _count(connection: Connection, noun: Noun, conditions: Sequence[Condition]) -> int:
    rows = select(literal(1).label("one")).select_from(noun.source).where(true(), *conditions)
    counted = rows.limit(COUNTED + 1).subquery()
    return connection.execute(select(func.count()).select_from(counted)).scalar_one()


def _cursor_of(row: Row[Any], orders: Sequence[Order]) -> str:
    found = row._mapping
    return cursor_text(orders, [found[f"sort_{i}"] for i in range(len(orders))], found["sort_key"])
