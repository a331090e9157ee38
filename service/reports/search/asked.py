"""From a search body to the one statement that answers it: the page, and in each row of it the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from service.identity import Person
from service.reports.search.conditions import Condition
from service.reports.search.noun import Noun
from service.reports.search.pages import Cursor, Order, Page, read_orders, read_page

COUNTED = 10_000
"""Rows counted for `totalItems`; beyond them `hasMoreTotalItems` is true."""

KEPT = 128
"""Statements kept of questions that were asked before: lists are looked at again and again."""

TOTAL = "total_items"
"""Label of the column with the total."""


@dataclass(frozen=True)
class Asked:
    """What a body asks for.

    Attributes:
        page: A statement of the rows, each with the sort values, the key and the total.
        total: A statement of the total alone, for a page without rows.
        is_first: Whether the page is the first one, and not empty by intention: without rows it has none.
    """

    page: Select[Any]
    total: Select[Any]
    orders: Sequence[Order]
    is_backward: bool
    is_first: bool


def asked(
    noun: Noun, person: Person, body: Mapping[str, Any], within: Sequence[Condition]
) -> Asked:
    """Return what a body asks for; read anew only where it was not asked before.

    Statements that ask for rights are not kept: each takes ten times the memory of one that need not.

    Raises:
        BadInputError: An unknown field, operator or order, a wrong type, a bad page; the text names it.
    """
    if within or not noun.implies_sight(person, _present(body.get("filter"))):
        return _read(noun, person, body, within)
    try:
        text = orjson.dumps(body)
    except TypeError:
        # An integer that orjson cannot write; whatever reads it refuses it.
        return _read(noun, person, body, within)
    return _known(noun, person, text)


@lru_cache(KEPT)
def _known(noun: Noun, person: Person, text: bytes) -> Asked:
    return _read(noun, person, orjson.loads(text), ())


@dataclass(frozen=True)
class _Ground:
    """Where the rows are read."""

    source: FromClause
    key: ColumnElement[Any]
    sorts: Mapping[str, ColumnElement[Any]]
    conditions: Sequence[Condition]
    counted: FromClause


def _read(
    noun: Noun, person: Person, body: Mapping[str, Any], within: Sequence[Condition]
) -> Asked:
    orders = read_orders(body.get("sort"), noun.sorts)
    page = read_page(body.get("page"), orders, noun.sorts, noun.key)
    ground = _ground(noun, person, body.get("filter"), within)
    counted = select(literal(1).label("one")).select_from(ground.counted)
    counted = counted.where(true(), *ground.conditions).limit(_inline(COUNTED + 1))
    total = select(func.count().label(TOTAL)).select_from(counted.subquery())
    return Asked(
        _page(noun, ground, orders, page, total),
        total,
        orders,
        page.before is not None,
        page.limit > 0 and page.offset == 0 and page.after is None and page.before is None,
    )


def _ground(noun: Noun, person: Person, given: Any, within: Sequence[Condition]) -> _Ground:
    present = _present(given)
    may_see_all = noun.implies_sight(person, present)
    seen = [] if may_see_all else [noun.visible(person)]
    road = noun.road(present)
    if road is None:
        conditions = [*seen, *within, *noun.filters.conditions(given)]
        return _Ground(noun.source, noun.key, noun.sorts, conditions, noun.source)
    rest = {name: value for name, value in present.items() if name not in road.answers}
    more = [*seen, *within, *noun.filters.conditions(rest)]
    return _Ground(
        road.source,
        road.key,
        {**noun.sorts, **road.sorts},
        [*road.conditions, *more],
        road.source if more else road.counted,
    )


def _present(given: Any) -> dict[str, Any]:
    """Return the fields of a filter that are not null; none when it is no object, which is refused later."""
    if not isinstance(given, dict):
        return {}
    return {name: value for name, value in given.items() if value is not None}


def _page(
    noun: Noun, ground: _Ground, orders: Sequence[Order], page: Page, total: Select[Any]
) -> Select[Any]:
    is_backward = page.before is not None
    sort_columns = [ground.sorts[order.field] for order in orders]
    labelled = [column.label(f"sort_{i}") for i, column in enumerate(sort_columns)]
    query = select(
        *noun.columns,
        *labelled,
        ground.key.label("sort_key"),
        total.scalar_subquery().label(TOTAL),
    )
    query = query.select_from(ground.source).where(*ground.conditions)
    cursor = page.after or page.before
    if cursor is not None:
        query = query.where(_beyond(ground, orders, cursor, is_backward=is_backward))
    for order, column in zip(orders, sort_columns, strict=True):
        part = column.desc() if order.is_descending != is_backward else column.asc()
        if getattr(column, "nullable", True):
            part = part.nulls_first() if is_backward else part.nulls_last()
        query = query.order_by(part)
    query = query.order_by(ground.key.desc() if is_backward else ground.key.asc())
    return query.limit(_inline(page.limit)).offset(page.offset or None)


def _inline(limit: int) -> ColumnElement[int]:
    """Return a limit as part of a statement's text, so that its plan knows how few rows are read."""
    return literal_column(str(int(limit)))


def _beyond(
    ground: _Ground, orders: Sequence[Order], cursor: Cursor, *, is_backward: bool
) -> Condition:
    """Return «the row stands after (before) the cursor»; rows without a value come last in any order."""
    beyond: Condition = ground.key < cursor.key if is_backward else ground.key > cursor.key
    for order, value in reversed(list(zip(orders, cursor.values, strict=True))):
        column = ground.sorts[order.field]
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
