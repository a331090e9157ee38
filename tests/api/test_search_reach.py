"""Whoever sees little has it looked for from his side; he finds what asking of each row finds.

More people and worlds are drawn with HUIYIN_RANDOM_RIGHTS=2000.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, insert

from service.identity import Grant, Person
from service.persistence.tables import cases, house
from service.reports.search import (
    element_instances,
    incidents,
    jobs,
    message_subscriptions,
    nouns,
    process_instances,
    reach,
    user_tasks,
    variables,
    wait_states,
)
from service.reports.search.noun import Noun
from service.reports.search.nouns import search
from tests.api.rows import (
    NOW,
    add_element,
    add_instance,
    add_process,
    add_reader,
    add_task,
    add_variable,
)
from tests.api.search_fixture import _template, connection

__all__ = ["_template", "connection"]

EXAMPLES = int(os.environ.get("HUIYIN_RANDOM_RIGHTS", "40"))
CASES = [500, 501, 502]
INSTANCES = [100, 101, 102, 103]

people = st.sampled_from(["anna", "carl", "dora"])
groups = st.sampled_from(["quality", "sales", "boss"])
supervisors = st.sampled_from([{}, {}, {"supervisors": "boss"}, {"supervisors": "board, sales"}])

worlds = st.fixed_dictionaries(
    {
        "opened_by": st.tuples(*(st.none() | people for _ in CASES)),
        "instances": st.tuples(
            *(
                st.fixed_dictionaries(
                    {
                        "case_key": st.none() | st.sampled_from(CASES),
                        "started_by": st.none() | people,
                        "process_id": st.sampled_from(["complaint", "freeze"]),
                    }
                )
                for _ in INSTANCES
            )
        ),
        "readers": st.lists(
            st.tuples(st.sampled_from(CASES), st.just("user"), people)
            | st.tuples(st.sampled_from(CASES), st.just("group"), groups),
            max_size=2,
            unique=True,
        ),
        "tasks": st.lists(
            st.fixed_dictionaries(
                {
                    "instance_key": st.sampled_from(INSTANCES),
                    "case_key": st.none() | st.sampled_from(CASES),
                    "state": st.sampled_from(["CREATED", "UPDATING", "COMPLETED", "CANCELED"]),
                    "assignee": st.none() | people,
                    "completed_by": st.none() | people,
                    "candidate_groups": st.lists(groups, max_size=2, unique=True),
                    "candidate_users": st.lists(people, max_size=1),
                    "process_id": st.sampled_from(["complaint", "freeze"]),
                    "properties": supervisors,
                    "name": st.sampled_from(["核对", "答复"]),
                }
            ),
            max_size=7,
        ),
        "supervises": st.sampled_from([None, "boss", "sales"]),
    }
)
grants = st.sampled_from(
    [
        frozenset(),
        frozenset(),
        frozenset({Grant("USER_TASK", "READ", "1001")}),
        frozenset({Grant("USER_TASK", "READ", "01001"), Grant("USER_TASK", "READ", "9" * 19)}),
        frozenset({Grant("PROCESS_DEFINITION", "READ_PROCESS_INSTANCE", "freeze")}),
        frozenset({Grant("PROCESS_DEFINITION", "READ_USER_TASK", "freeze")}),
        frozenset({Grant("PROCESS_DEFINITION", "READ_PROCESS_INSTANCE", "*")}),
    ]
)
who_asks = st.builds(
    lambda name, his, given: Person(name, name, groups=frozenset(his), grants=given),
    people,
    st.lists(groups, max_size=2),
    grants,
)

TASKS = replace(user_tasks.NOUN, implies_sight=lambda _who, _filter: False)
"""Tasks with rights asked whatever the filter; a rollback would forget the statements that are kept."""

BODIES: list[tuple[Noun, dict[str, Any]]] = [
    (TASKS, {}),
    (TASKS, {"sort": [{"field": "name", "order": "DESC"}]}),
    (TASKS, {"filter": {"state": "COMPLETED"}, "sort": [{"field": "businessId"}]}),
    (TASKS, {"filter": {"state": "CREATED", "candidateGroup": "quality"}}),
    (TASKS, {"filter": {"$or": [{"name": "核对"}, {"state": "UPDATING"}]}}),
    (process_instances.NOUN, {}),
    (process_instances.NOUN, {"sort": [{"field": "processDefinitionName", "order": "DESC"}]}),
    (process_instances.NOUN, {"filter": {"processDefinitionId": "freeze"}}),
    (variables.NOUN, {"sort": [{"field": "value"}]}),
    (element_instances.NOUN, {"filter": {"state": "ACTIVE"}}),
]


def plain(noun: Noun) -> Noun:
    """Return the noun of which every row is asked who may see it."""
    return replace(noun, reach=None, window=None, road=lambda _filter: None)


@contextmanager
def standing(connection: Connection, world: dict[str, Any]) -> Iterator[None]:
    """Let a world be there for a while."""
    with connection.begin_nested() as there:
        add_process(connection)
        for key, opened_by in zip(CASES, world["opened_by"], strict=True):
            add_case(connection, key, opened_by)
        for number, row in enumerate(world["instances"]):
            key = INSTANCES[number]
            add_instance(connection, key, **row)
            add_variable(connection, 900 + number, "x", str(number % 2), key, key)
            add_element(connection, 800 + number, instance_key=key, scope_key=key)
        for case_key, kind, name in world["readers"]:
            add_reader(connection, case_key, kind, name)
        for number, row in enumerate(world["tasks"]):
            add_task(connection, 1001 + 10 * number, **row)
        row = {"name": "质量部", "other_names": [], "is_department": True}
        above = world["supervises"]
        connection.execute(
            insert(house.groups).values(key="quality", supervisor_group=above, **row)
        )
        yield
        there.rollback()


def add_case(connection: Connection, key: int, opened_by: str | None) -> None:
    """Add a case."""
    row = {
        "key": key,
        "case_no": f"TEL-{key}",
        "root_instance_key": 100,
        "process_id": "complaint",
        "state": "OPEN",
        "opened_by": opened_by,
        "opened_at": NOW,
        "facts": {},
    }
    connection.execute(insert(cases.cases).values(row))


def walked(
    connection: Connection, who: Person, noun: Noun, body: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return all pages of two, forward; and those before the last, backward."""
    answers = [search(connection, who, noun, {**body, "page": {"limit": 2}})]
    while (cursor := answers[-1]["page"]["endCursor"]) is not None:
        page = {"limit": 2, "after": cursor}
        answers.append(search(connection, who, noun, {**body, "page": page}))
    last = answers[-2]["page"]["startCursor"] if len(answers) > 1 else None
    page = {"limit": 2, "before": last} if last else {"from": 1}
    return [*answers, search(connection, who, noun, {**body, "page": page})]


def finds_the_same(
    connection: Connection, world: dict[str, Any], who: Person, asked: tuple[Noun, dict[str, Any]]
) -> bool:
    """Tell whether a search from his side gives the pages, cursors and totals that asking each row gives."""
    noun, body = asked
    with standing(connection, world):
        return walked(connection, who, noun, body) == walked(connection, who, plain(noun), body)


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds, who_asks, st.sampled_from(BODIES))
def test_from_his_side_one_finds_what_one_may_see(
    connection: Connection, world: dict[str, Any], who: Person, asked: tuple[Noun, dict[str, Any]]
) -> None:
    """The same rows, in the same order, on the same pages, with the same cursors and totals."""
    assert finds_the_same(connection, world, who, asked)


PARTS = (
    variables.NOUN,
    element_instances.NOUN,
    incidents.NOUN,
    jobs.NOUN,
    wait_states.NOUN,
    message_subscriptions.NOUN,
)


def statements(
    connection: Connection, noun: Noun, wanted: dict[str, Any], groups_of: int = 1
) -> list[str]:
    """Return the statements of a search by somebody who has one task and opened a case."""
    texts: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: texts.append(told[2]))
    add_instance(connection, 100)
    add_task(connection, 1, 100, assignee="anna", candidate_groups=["quality"])
    add_case(connection, 500, "anna")
    texts.clear()
    anna = Person("anna", "anna", groups=frozenset(["quality", "sales"][:groups_of]))
    search(connection, anna, noun, {"filter": wanted})
    return texts


@pytest.mark.parametrize(
    "noun", [user_tasks.NOUN, process_instances.NOUN, *PARTS], ids=lambda n: n.name
)
def test_what_leads_to_the_rows_is_counted_and_then_gone_by(
    connection: Connection, noun: Noun
) -> None:
    """Then one statement is the page with its total; an empty page asks for nothing more."""
    *counts, page = statements(connection, noun, {})
    assert ["count(*)" in text for text in counts] == [True] * (2 if noun is user_tasks.NOUN else 1)
    assert "seen(" in page or "seen AS" in page


@pytest.mark.parametrize("few", [0, 1, 5])
def test_whoever_sees_more_has_each_row_asked(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """His task, which he is a candidate of too, and his case are three."""
    # A thousand tasks would only take longer.
    for module in (reach, nouns):
        monkeypatch.setattr(module, "FEW", few)
    texts = statements(connection, user_tasks.NOUN, {"state": {"$neq": "COMPLETED"}})
    assert ("WITH seen" in texts[-1]) is (few >= 3)
    assert len(texts) == (3 if few >= 3 else 2)


@pytest.mark.parametrize(
    ("noun", "wanted", "is_counted"),
    [
        (user_tasks.NOUN, {"processInstanceKey": "100"}, False),
        (user_tasks.NOUN, {"processInstanceKey": {"$neq": "100"}}, True),
        (user_tasks.NOUN, {"assignee": "anna"}, False),
        (variables.NOUN, {"scopeKey": "100"}, False),
        (variables.NOUN, {"name": "x"}, True),
    ],
)
def test_nothing_is_counted_where_the_filter_finds_few_or_his_own(
    connection: Connection, noun: Noun, wanted: dict[str, Any], is_counted: bool
) -> None:
    """Such a search is asked as ever, by whomever."""
    texts = statements(connection, noun, wanted)
    assert ("WITH seen" in texts[-1]) is is_counted
