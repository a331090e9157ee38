"""Searching a noun, and finding one thing of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from service.domain.errors import NotFoundError
from service.identity import Person
from service.reports.search.asked import TOTAL, Asked, asked, may_be_few
from service.reports.search.conditions import Condition
from service.reports.search.noun import Noun
from service.reports.search.pages import Order, cursor_text
from service.reports.search.reach import FEW, Reach, count_of
from service.reports.search.windows import COUNTED


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
    reach = None if within else _reach(connection, noun, person, body)
    question = asked(noun, person, body, within, reach)
    rows = _nearby(connection, question) or _page(connection, question)
    if question.is_backward:
        rows = rows[::-1]
    total = _total(connection, question, rows)
    return {
        "items": [noun.show(row) for row in rows],
        "page": {
            "totalItems": min(total, COUNTED),
            "hasMoreTotalItems": total > COUNTED,
            "startCursor": _cursor_of(rows[0], question.orders) if rows else None,
            "endCursor": _cursor_of(rows[-1], question.orders) if rows else None,
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
        raise unknown(noun, key)
    return row


def unknown(noun: Noun, key: int | str) -> NotFoundError:
    """Return the refusal for a thing that is not there, or that nobody may know to be there."""
    return NotFoundError(
        f"Expected to find {_with_article(noun.name)} with {_key_word(noun)} '{key}', but there is none.",
        key=key,
    )


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "aeio" else f"a {name}"


def _key_word(noun: Noun) -> str:
    return "id" if noun.key.type.python_type is str else "key"


def _reach(
    connection: Connection, noun: Noun, person: Person, body: Mapping[str, Any]
) -> Reach | None:
    """Return how the rows are found from the person's side, when what leads to them is little."""
    reach = may_be_few(noun, person, body)
    rounds = None if reach is None else reach.ways(person)
    if rounds is None:
        return None
    count = 0
    for ways in rounds:
        count += int(connection.execute(count_of(ways)).scalar_one())
        if count > FEW:
            return None
    return reach


def _nearby(connection: Connection, question: Asked) -> Sequence[Row[Any]]:
    """Return the page when it is full with rows among the next ones, else nothing."""
    if question.nearby is None:
        return ()
    rows = connection.execute(question.nearby).all()
    return rows if len(rows) == question.limit else ()


def _page(connection: Connection, question: Asked) -> Sequence[Any]:
    if question.prepared is not None and connection.dialect.name == "postgresql":
        return question.prepared.all(connection)
    return connection.execute(question.page).all()


def _total(connection: Connection, question: Asked, rows: Sequence[Any]) -> int:
    if not rows and question.is_first:
        return 0
    if rows and hasattr(rows[0], TOTAL):
        return int(getattr(rows[0], TOTAL))
    for statement in question.many if rows else ():
        number = int(connection.execute(statement).scalar_one())
        if number > COUNTED:
            return number
    return int(connection.execute(question.total).scalar_one())


def _cursor_of(row: Any, orders: Sequence[Order]) -> str:
    values = [getattr(row, f"sort_{i}") for i in range(len(orders))]
    return cursor_text(orders, values, row.sort_key)
