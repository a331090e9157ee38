"""The search machine on a real PostgreSQL: the same fields, operators and rights as on SQLite."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event

from service.identity import Person
from service.reports.search import user_tasks
from service.reports.search.nouns import search
from tests.api import test_search_cluster_variables as cluster_variables
from tests.api import test_search_machine as machine
from tests.api import test_search_reach as reach
from tests.api import test_search_rights as rights
from tests.api import test_search_windows as windows
from tests.api.rows import NOW, add_instance, add_task, add_variable
from tests.persistence.postgresql import migrated_database

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Give an engine on a PostgreSQL with all tables."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose rows are gone afterwards."""
    with engine.connect() as opened:
        yield opened
        opened.rollback()


tasks = machine.tasks
variables = cluster_variables.variables
world = rights.world
many, narrow = windows.many, windows.narrow

test_fields = machine.test_every_filter_field_and_sort_field_of_every_noun_is_sql_that_runs
test_counts = machine.test_every_count_is_sql_that_runs
test_filters = machine.test_a_filter_finds_exactly_what_it_says
test_nulls = machine.test_rows_without_a_value_come_last_in_both_orders
test_cursors = machine.test_walking_by_cursor_meets_every_row_once_forward_and_backward
test_variables = machine.test_variables_filter_by_json_text_of_the_right_scope
test_elements = machine.test_element_fields_of_an_instance_filter_speak_of_the_same_element
test_metadata = cluster_variables.test_entries_are_asked_for_by_name_and_operator
test_scopes = cluster_variables.test_one_list_holds_both_scopes
test_windows = windows.test_looking_nearby_first_changes_no_answer
test_rights = rights.test_everybody_sees_his_own_and_the_keepers_all
test_granted = rights.test_an_authorization_lets_see
test_group_roles = rights.test_a_group_shows_its_roles
test_hidden = rights.test_what_may_not_be_seen_is_not_found


@settings(
    max_examples=reach.EXAMPLES // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(reach.worlds, reach.who_asks, st.sampled_from(reach.BODIES))
def test_from_his_side_one_finds_what_one_may_see(
    connection: Connection, world: dict[str, Any], who: Person, asked: tuple[Any, dict[str, Any]]
) -> None:
    """Here by other indexes and as lists; fewer people are drawn, since each takes longer."""
    assert reach.finds_the_same(connection, world, who, asked)


def test_it_is_postgresql(connection: Connection) -> None:
    """The tests above did not run on something else."""
    dialect: Any = connection.dialect
    assert dialect.name == "postgresql"


ASKED: dict[str, Any] = {
    "state": {"$in": ["CREATED", "COMPLETED"]},
    "businessId": "A-1",
    "priority": {"$gte": 5, "$in": [10, 20]},
    "isSuspended": False,
    "elementId": "define_problem",
    "name": {"$like": "Al*"},
    "candidateGroup": {"$in": ["quality", "sales"]},
    "candidateUser": "anna",
    "tenantId": "<default>",
    "processDefinitionId": {"$neq": "other"},
    "creationDate": {"$lte": NOW.isoformat()},
    "completionDate": {"$exists": False},
    "followUpDate": NOW.isoformat(),
    "dueDate": {"$gt": "2026-11-24T15:59:59.5+08:00", "$in": [NOW.isoformat()]},
    "processInstanceVariables": [{"name": "grade", "value": '"A"'}],
    "localVariables": [{"name": "note", "value": {"$exists": True}}],
    "userTaskKey": "1",
    "processDefinitionKey": {"$in": ["10"]},
    "processInstanceKey": "100",
    "elementInstanceKey": "2",
    "tags": ["rush", "vip"],
}
"""A question for each field, to all of which one task is an answer."""

UNKEPT = replace(user_tasks.NOUN, implies_sight=lambda _who, _filter: False)
"""User tasks, asked through SQLAlchemy."""


@pytest.mark.parametrize("state", [{}, {"state": "CREATED"}])
def test_a_question_that_is_kept_is_answered_like_any_other(
    connection: Connection, state: dict[str, str]
) -> None:
    """Though it goes past SQLAlchemy: every field, all values that are shown, pages and their cursors."""
    assert ASKED.keys() | {"assignee"} == user_tasks.NOUN.filters.fields.keys()
    add_instance(connection, 100, business_id="A-1", tags=["rush", "vip"])
    add_task(
        connection,
        1,
        assignee="anna",
        name="Alpha",
        priority=10,
        headers={"重": 1.5},
        candidate_groups=["quality", "sales"],
        candidate_users=["anna"],
        due_at=NOW,
        follow_up_at=NOW,
        created_at=NOW - timedelta(microseconds=1),
    )
    add_task(connection, 3, assignee="anna", name="Beta", priority=90)
    add_variable(connection, 7, "grade", '"A"', scope_key=100)
    add_variable(connection, 8, "note", "null", scope_key=2)
    anna = Person("anna", "anna", groups=frozenset({"quality"}))

    def answer(noun: Any, body: dict[str, Any]) -> Any:
        return orjson.loads(orjson.dumps(search(connection, anna, noun, body)))

    texts: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: texts.append(told[2]))
    whole: dict[str, Any] = {
        "filter": {"assignee": "anna", **state},
        "sort": [{"field": "dueDate"}],
    }
    first = answer(user_tasks.NOUN, {**whole, "page": {"limit": 1}})
    assert (len(first["items"]), texts) == (1, [])
    after = {**whole, "page": {"limit": 1, "after": first["page"]["endCursor"]}}
    questions = [whole, after, {**whole, "page": {"from": 9}}]
    questions += [{"filter": {**whole["filter"], name: given}} for name, given in ASKED.items()]
    for body in questions:
        assert answer(user_tasks.NOUN, body) == answer(UNKEPT, body), body
    found = [answer(user_tasks.NOUN, body)["items"] for body in questions[3:]]
    assert ["1" in [item["userTaskKey"] for item in items] for items in found] == [True] * len(
        ASKED
    )
