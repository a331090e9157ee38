"""What a search body asks for beside the filter: order and page; and the cursors of an answer.

A cursor is padded base64 of JSON: the order it belongs to, the values of the sort columns, the key.
It is no secret and grants nothing: rights are asked anew on every page.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from service.domain.errors import BadInputError
from service.reports.search.conditions import listed
from service.reports.search.kinds import TEXT, read_integer, read_moment, read_text, refused
from service.reports.search.wire import moment_text

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 10_000


@dataclass(frozen=True)
class Order:
    """One sort request: a field the noun knows, and whether the largest comes first."""

    field: str
    is_descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the sort values and the key of the row it was made from."""

    values: tuple[Any, ...]
    key: int | str


@dataclass(frozen=True)
class Page:
    """Which rows are asked for; at most one of `after`, `before` is set and then `offset` is 0."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    after: Cursor | None = None
    before: Cursor | None = None


def read_orders(given: Any, known: Mapping[str, Any]) -> tuple[Order, ...]:
    """Return the sort requests of a body; `known` maps sort fields to their columns.

    The order may be written small: Camunda's own SDK for Node does so.

    Raises:
        BadInputError: An unknown field or order, or one field twice.
    """
    orders: list[Order] = []
    for position, item in enumerate(listed(given, "sort") if given is not None else []):
        path = f"sort[{position}]"
        if not isinstance(item, dict):
            raise refused(path, "an object", item)
        field, order = item.get("field"), item.get("order")
        if not isinstance(field, str) or field not in known or field in {o.field for o in orders}:
            raise refused(f"{path}.field", f"one of {', '.join(sorted(known))}, each once", field)
        if order not in (None, "ASC", "DESC", "asc", "desc"):
            raise refused(f"{path}.order", "one of ASC, DESC", order)
        orders.append(Order(str(field), order in ("DESC", "desc")))
    return tuple(orders)


def read_page(given: Any, orders: Sequence[Order], known: Mapping[str, Any], key: Any) -> Page:
    """Return the page a body asks for; `key` is the column that breaks ties.

    Raises:
        BadInputError: Not a page, a number out of bounds, two ways of paging at once, or a cursor that
            belongs to another order.
    """
    if given is None:
        return Page()
    if not isinstance(given, dict):
        raise refused("page", "an object", given)
    ways = [name for name in ("from", "after", "before") if given.get(name) is not None]
    if len(ways) > 1:
        raise BadInputError(
            f"Expected only one of 'page.{ways[0]}' and 'page.{ways[1]}'.", field="page"
        )
    return Page(
        limit=_bounded(given.get("limit"), "page.limit", DEFAULT_LIMIT, LARGEST_LIMIT),
        offset=_bounded(given.get("from"), "page.from", 0, (1 << 31) - 1),
        after=_read_cursor(given.get("after"), "page.after", orders, known, key),
        before=_read_cursor(given.get("before"), "page.before", orders, known, key),
    )


def cursor_text(orders: Sequence[Order], values: Sequence[Any], key: int | str) -> str:
    """Return the cursor of a row."""
    shown = [_packed(value) for value in values]
    return b64encode(orjson.dumps([_signature(orders), shown, str(key)])).decode("ascii")


def _read_cursor(
    given: Any, path: str, orders: Sequence[Order], known: Mapping[str, Any], key_column: Any
) -> Cursor | None:
    if given is None:
        return None
    try:
        signature, packed, key = orjson.loads(b64decode(TEXT.value(given, path), validate=True))
        if signature != _signature(orders):
            raise ValueError
        pairs = list(zip(orders, packed, strict=True))
        values = tuple(_unpacked(value, known[order.field]) for order, value in pairs)
        return Cursor(values, _unpacked_key(key, key_column))
    except (Base64Error, ValueError, TypeError, KeyError) as error:
        raise refused(path, "a cursor of an earlier answer in the same order", given) from error


def _signature(orders: Sequence[Order]) -> str:
    return ",".join(("-" if order.is_descending else "") + order.field for order in orders)


def _packed(value: Any) -> Any:
    return {"moment": moment_text(value)} if isinstance(value, datetime) else value


def _unpacked(packed: Any, column: Any) -> Any:
    value = read_moment(packed["moment"]) if isinstance(packed, dict) else packed
    if value is not None and not isinstance(value, column.type.python_type):
        raise ValueError
    if isinstance(value, str):
        return read_text(value)
    return value if isinstance(value, bool) or not isinstance(value, int) else read_integer(value)


def _unpacked_key(text: Any, column: Any) -> int | str:
    return read_text(text) if column.type.python_type is str else read_integer(int(text))


def _bounded(given: Any, path: str, default: int, largest: int) -> int:
    if given is None:
        return default
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= largest:
        raise refused(path, f"an integer of 0 to {largest}", given)
    return given
