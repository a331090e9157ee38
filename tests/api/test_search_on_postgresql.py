"""The search machine on a real PostgreSQL: the same fields, operators and rights as on SQLite."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from tests.api import test_search_cluster_variables as cluster_variables
from tests.api import test_search_machine as machine
from tests.api import test_search_rights as rights
from tests.api import test_search_windows as windows
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


def test_it_is_postgresql(connection: Connection) -> None:
    """The tests above did not run on something else."""
    dialect: Any = connection.dialect
    assert dialect.name == "postgresql"
