"""Shorter ways to the tasks that a filter asks for lead to the same tasks in the same order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from service.domain.errors import BadInputError
from service.identity import Person
from service.reports.search import user_tasks
from service.reports.search.nouns import search
from tests.api.rows import NOW, add_instance, add_task
from tests.api.search_fixture import _template, connection

__all__ = ["_template", "connection"]

BY_ROAD = replace(user_tasks.NOUN, reach=None)
"""User tasks as those search them who see more than few."""

PLAIN = replace(BY_ROAD, road=lambda _filter: None, implies_sight=lambda _who, _filter: False)
"""User tasks by their own table, with rights asked of every row."""

ANNA = Person("anna", "anna", groups=frozenset({"quality", "sales"}))

names = st.sampled_from(["quality", "sales", "finance"])
people = st.sampled_from(["anna", "carl"])
some_tasks = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(["CREATED", "CREATED", "CREATED", "UPDATING", "COMPLETED"]),
            "assignee": st.none() | people,
            "candidate_groups": st.lists(names, max_size=2),
            "candidate_users": st.lists(people, max_size=1),
            "process_id": st.sampled_from(["complaint", "freeze"]),
            "due_at": st.none() | st.integers(0, 2).map(lambda n: NOW + timedelta(hours=n)),
            "created_at": st.integers(0, 2).map(lambda n: NOW + timedelta(hours=n)),
        }
    ),
    max_size=9,
)


def field(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return filters of one field, or of none."""
    return st.just({}) | values.map(lambda value: {name: value})


def any_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return what a filter may ask of a text."""
    listed = st.lists(values, max_size=2).map(lambda some: {"$in": some})
    return values | values.map(lambda value: {"$eq": value}) | listed


filters = st.tuples(
    st.sampled_from(
        [{"state": "CREATED"}, {"state": {"$eq": "CREATED"}}, {}, {"state": "UPDATING"}]
    ),
    field("candidateGroup", any_of(names)),
    field("candidateUser", any_of(people)),
    field("assignee", any_of(people) | st.booleans().map(lambda flag: {"$exists": flag})),
    field("processDefinitionId", any_of(st.sampled_from(["complaint", "freeze"]))),
).map(lambda parts: {name: value for part in parts for name, value in part.items()})
orders = st.sampled_from(["dueDate", "creationDate", "name", None])


@contextmanager
def standing(connection: Connection, rows: list[dict[str, Any]]) -> Iterator[None]:
    """Let these tasks be there for a while."""
    with connection.begin_nested() as there:
        add_instance(connection, 100)
        for number, row in enumerate(rows):
            add_task(connection, number * 10 + 1, 100, **row)
        yield
        there.rollback()


def walked(connection: Connection, noun: Any, body: dict[str, Any]) -> tuple[list[str], Any]:
    """Return the keys on all pages of two, one page after the other, and what the first says of the total."""
    keys: list[str] = []
    page: dict[str, Any] = {"limit": 2}
    first = None
    while True:
        found = search(connection, ANNA, noun, {**body, "page": page})
        total = (found["page"]["totalItems"], found["page"]["hasMoreTotalItems"])
        first = first or total
        keys += [item["userTaskKey"] for item in found["items"]]
        if not found["items"]:
            return keys, first
        page = {"limit": 2, "after": found["page"]["endCursor"]}


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some_tasks, filters, orders, st.sampled_from(["ASC", "DESC"]))
def test_a_shorter_way_finds_what_the_plain_one_finds(
    connection: Connection,
    rows: list[dict[str, Any]],
    wanted: dict[str, Any],
    by: str | None,
    order: str,
) -> None:
    """The same tasks, in the same order, on the same pages, with the same total; no more than he may see."""
    body = {"filter": wanted, "sort": [{"field": by, "order": order}] if by else None}
    with standing(connection, rows):
        assert walked(connection, BY_ROAD, body) == walked(connection, PLAIN, body)


@pytest.mark.parametrize(
    ("wanted", "is_short"),
    [
        ({"state": "CREATED", "candidateGroup": "quality"}, True),
        ({"state": "CREATED", "candidateGroup": "quality", "assignee": {"$exists": False}}, True),
        ({"state": "CREATED", "assignee": "anna"}, True),
        ({"state": "CREATED", "candidateGroup": {"$in": ["quality", "sales"]}}, True),
        ({"state": "CREATED", "candidateGroup": "finance"}, False),
        ({"state": "CREATED", "candidateGroup": {"$in": ["quality", "finance"]}}, False),
        ({"state": "CREATED", "assignee": {"$neq": "anna"}}, False),
        ({"state": "CREATED"}, False),
    ],
)
def test_rights_are_asked_of_rows_only_where_the_filter_leaves_them_open(
    connection: Connection, wanted: dict[str, Any], is_short: bool
) -> None:
    """What names the person or his groups he may see; the statement then does not look at cases."""
    texts: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: texts.append(told[2]))
    add_instance(connection, 100)
    add_task(connection, 1, 100, candidate_groups=["quality"], assignee="anna")

    search(connection, ANNA, BY_ROAD, {"filter": wanted})

    assert ("case_readers" not in texts[-1]) is is_short


def test_a_state_stands_in_the_text(connection: Connection) -> None:
    """So a plan that serves every value goes by an index over open tasks alone."""
    texts: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: texts.append(told[2]))

    search(connection, ANNA, user_tasks.NOUN, {"filter": {"state": "CREATED", "assignee": "anna"}})

    assert "user_tasks.state = 'CREATED'" in texts[0]


def test_a_page_is_one_statement(connection: Connection) -> None:
    """The total comes with the rows; a page behind the last row alone asks for it once more."""
    add_instance(connection, 100)
    add_task(connection, 1, 100, assignee="anna")
    texts: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: texts.append(told[2]))
    body = {"filter": {"state": "CREATED", "assignee": "anna"}}

    first = search(connection, ANNA, user_tasks.NOUN, body)
    assert (len(texts), first["page"]["totalItems"]) == (1, 1)
    beyond = search(connection, ANNA, user_tasks.NOUN, {**body, "page": {"from": 5}})
    assert (len(texts), beyond["items"], beyond["page"]["totalItems"]) == (3, [], 1)


def test_a_candidate_that_is_no_text_is_refused(connection: Connection) -> None:
    """By the road as by the plain way."""
    with pytest.raises(BadInputError, match=r"filter\.candidateGroup"):
        search(
            connection,
            ANNA,
            user_tasks.NOUN,
            {"filter": {"state": "CREATED", "candidateGroup": 7}},
        )
