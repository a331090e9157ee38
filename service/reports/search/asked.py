"""From a search body to the one statement that answers it: the page, and in each row of it the total."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Join,
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
from service.persistence.driver import PreparedPage
from service.reports.search.conditions import Condition
from service.reports.search.noun import Noun
from service.reports.search.pages import Cursor, Order, Page, read_orders, read_page
from service.reports.search.parts import first_of
from service.reports.search.reach import Reach
from service.reports.search.rights import sees_all
from service.reports.search.roads import plain
from service.reports.search.windows import COUNTED, width_of

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
        limit: Rows of a full page.
        nearby: The rows without the total, as far as they are among the next ones there are; None where
            that need not or cannot be tried.
        many: Statements with a number each, of rows that are surely in the total.
        prepared: The page as PostgreSQL takes it, of questions that are kept.
    """

    page: Select[Any]
    total: Select[Any]
    orders: Sequence[Order]
    is_backward: bool
    is_first: bool
    limit: int
    nearby: Select[Any] | None = None
    many: Sequence[Select[Any]] = ()
    prepared: PreparedPage | None = None


def may_be_few(noun: Noun, person: Person, body: Mapping[str, Any]) -> Reach | None:
    """Return how the rows are found from the person's side, where that may be shorter than any other way."""
    given = _present(body.get("filter"))
    if noun.reach is None or sees_all(person) or noun.implies_sight(person, given):
        return None
    is_narrow = any(plain(given.get(name)) is not None for name in noun.reach.narrow)
    return None if is_narrow else noun.reach


def asked(
    noun: Noun,
    person: Person,
    body: Mapping[str, Any],
    within: Sequence[Condition],
    reach: Reach | None = None,
) -> Asked:
    """Return what a body asks for; read anew only where it was not asked before.

    Statements that ask for rights are not kept: each takes ten times the memory of one that need not.

    Args:
        noun: What is searched.
        person: Who asks.
        body: What for.
        within: Conditions beside its filter.
        reach: How the rows are found from his side, of somebody who sees few.

    Raises:
        BadInputError: An unknown field, operator or order, a wrong type, a bad page; the text names it.
    """
    if within or not noun.implies_sight(person, _present(body.get("filter"))):
        return _read(noun, person, body, within, reach)
    try:
        text = orjson.dumps(body)
    except TypeError:
        # An integer that orjson cannot write; whatever reads it refuses it.
        return _read(noun, person, body, within)
    return _known(noun, person, text)


@lru_cache(KEPT)
def _known(noun: Noun, person: Person, text: bytes) -> Asked:
    question = _read(noun, person, orjson.loads(text), ())
    return replace(question, prepared=PreparedPage(question.page))


@dataclass(frozen=True)
class _Ground:
    """Where the rows are read.

    Attributes:
        joins_later: Whether the rows of a page are joined with the rest of their noun when they are found.
        parts: Of a union that is read part by part, what it is made of; empty: it is read as a whole. So
            it is where rights are asked of each row: they would be asked in every part, and planned there.
    """

    source: FromClause
    key: ColumnElement[Any]
    sorts: Mapping[str, ColumnElement[Any]]
    conditions: Sequence[Condition]
    counted: FromClause
    joins_later: bool = False
    parts: Sequence[FromClause] = ()


def _read(
    noun: Noun,
    person: Person,
    body: Mapping[str, Any],
    within: Sequence[Condition],
    reach: Reach | None = None,
) -> Asked:
    orders = read_orders(body.get("sort"), noun.sorts) or tuple(noun.usual)
    page = read_page(body.get("page"), orders, noun.sorts, noun.key)
    is_any = not (within or _present(body.get("filter")))
    sees_some = noun.window is not None and not sees_all(person)
    looks_nearby = is_any and sees_some and reach is None
    visible = noun.visible if reach is None else reach.visible
    ground = _ground(noun, person, body.get("filter"), within, visible)
    read = _gathered(ground, orders) if looks_nearby or reach else ground
    is_tried = looks_nearby and page.limit and not page.offset and not orders
    return Asked(
        page=_page(noun, read, orders, page, _total(read).scalar_subquery()),
        total=_total(ground),
        orders=orders,
        is_backward=page.before is not None,
        is_first=page.limit > 0 and page.offset == 0 and page.after is None and page.before is None,
        limit=page.limit,
        nearby=_nearby(noun, person, page) if is_tried else None,
        many=noun.window.many(person) if is_tried and noun.window else (),
    )


def _total(ground: _Ground) -> Select[Any]:
    """Return the statement of the number of rows, which stops one behind `COUNTED`."""
    counted = select(literal(1).label("one")).select_from(ground.counted)
    counted = counted.where(true(), *ground.conditions).limit(_inline(COUNTED + 1))
    if ground.parts:
        counted = select(first_of(counted, ground.source, ground.parts, "counted"))
        counted = counted.limit(_inline(COUNTED + 1))
    return select(func.count().label(TOTAL)).select_from(counted.subquery())


def _gathered(ground: _Ground, orders: Sequence[Order]) -> _Ground:
    """Return the same rows, gathered once for the page and the total: who sees each is asked one time."""
    sorts = {order.field: ground.sorts[order.field] for order in orders}
    named = [column.label(name) for name, column in sorts.items()]
    rows = select(ground.key.label("seen_key"), *named).select_from(ground.source)
    seen = rows.where(*ground.conditions).cte("seen")
    return _Ground(
        seen, seen.c.seen_key, {name: seen.c[name] for name in sorts}, (), seen, joins_later=True
    )


def _nearby(noun: Noun, person: Person, page: Page) -> Select[Any]:
    """Return the page as far as it is among the next rows in the order of their keys."""
    assert noun.window is not None, noun.name
    ground = _Ground(noun.source, noun.key, noun.sorts, (), noun.source, joins_later=True)
    cursor, is_backward = page.after or page.before, page.before is not None
    beyond = [] if cursor is None else [_beyond(ground, (), cursor, is_backward=is_backward)]
    conditions = [
        width_of(noun.key, beyond, is_backward=is_backward),
        noun.window.visible(person),
    ]
    return _page(noun, replace(ground, conditions=conditions), (), page, None)


def _ground(
    noun: Noun,
    person: Person,
    given: Any,
    within: Sequence[Condition],
    visible: Callable[[Person], Condition],
) -> _Ground:
    present = _present(given)
    may_see_all = noun.implies_sight(person, present)
    seen = [] if may_see_all else [visible(person)]
    road = noun.road(present)
    if road is None:
        conditions = [*seen, *within, *noun.filters.conditions(given)]
        is_joined = isinstance(noun.source, Join)
        parts = noun.parts if may_see_all or sees_all(person) else ()
        return _Ground(noun.source, noun.key, noun.sorts, conditions, noun.source, is_joined, parts)
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
    noun: Noun,
    ground: _Ground,
    orders: Sequence[Order],
    page: Page,
    total: ColumnElement[int] | None,
) -> Select[Any]:
    """Return the statement of a page; where a noun is joined, the page is found before it is joined."""
    is_backward = page.before is not None
    sorts = [ground.sorts[order.field].label(f"sort_{i}") for i, order in enumerate(orders)]
    counted = [] if total is None else [total.label(TOTAL)]
    positions = [*sorts, ground.key.label("sort_key")]
    columns = [] if ground.joins_later else [*noun.columns, *counted]
    query = select(*columns, *positions).select_from(ground.source).where(*ground.conditions)
    cursor = page.after or page.before
    if cursor is not None:
        query = query.where(_beyond(ground, orders, cursor, is_backward=is_backward))
    query = query.order_by(*_order(orders, positions, is_backward=is_backward))
    if ground.parts:
        return _page_of_parts(ground, query, orders, page)
    query = query.limit(_inline(page.limit)).offset(page.offset or None)
    if not ground.joins_later:
        return query
    found = query.subquery("found")
    whole = noun.source.join(found, found.c.sort_key == noun.key)
    return (
        select(*noun.columns, *counted, *found.c)
        .select_from(whole)
        .order_by(*_order(orders, list(found.c), is_backward=is_backward))
    )


def _page_of_parts(
    ground: _Ground, query: Select[Any], orders: Sequence[Order], page: Page
) -> Select[Any]:
    """Return the statement of a page of a union: it is among the first rows of each part."""
    several = query.limit(_inline(page.offset + page.limit))
    rows = first_of(several, ground.source, ground.parts, "found")
    # A column of a union counts as never NULL when the first part's is not; a label says nothing of that.
    sorts = (rows.c[f"sort_{i}"].label(None) for i in range(len(orders)))
    positions = [*sorts, rows.c.sort_key]
    is_backward = page.before is not None
    found = select(rows).order_by(*_order(orders, positions, is_backward=is_backward))
    return found.limit(_inline(page.limit)).offset(page.offset or None)


def _order(
    orders: Sequence[Order], positions: Sequence[ColumnElement[Any]], *, is_backward: bool
) -> list[ColumnElement[Any]]:
    """Return what rows are sorted by: the columns of the orders, then the key, which comes last."""
    *columns, key = positions
    parts = []
    for order, column in zip(orders, columns, strict=True):
        part = column.desc() if order.is_descending != is_backward else column.asc()
        if getattr(column, "nullable", True):
            part = part.nulls_first() if is_backward else part.nulls_last()
        parts.append(part)
    return [*parts, key.desc() if is_backward else key.asc()]


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
        # A bare True or False can be compared by nothing but equality.
        value = literal(value) if isinstance(value, bool) else value
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
