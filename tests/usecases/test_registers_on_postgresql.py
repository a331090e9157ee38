"""What happened before, on a real PostgreSQL: the same cases as on SQLite, and by index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from service.domain.outside import Outside
from service.persistence.database import Database
from service.persistence.unit import Unit
from tests.persistence.postgresql import migrated_database
from tests.usecases import test_registers as registers

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Give an engine on a PostgreSQL with all tables."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture
def unit(engine: Engine, outside: Outside) -> Iterator[Unit]:
    """Give an open unit; nothing of it is committed. A table without rows is not read from end to end."""
    with Database(engine).unit(outside) as opened:
        opened.connection.execute(text("SET LOCAL enable_seqscan = off"))
        yield opened


test_counted = registers.test_the_present_case_counts_once_whether_its_facts_are_written_or_not
test_window = registers.test_other_customers_problems_and_years_do_not_count
test_history = registers.test_history_is_the_batch_or_the_same_problem_of_the_customer
test_documents = registers.test_history_holds_problems_and_no_documents
test_fifty = registers.test_history_stops_at_fifty
test_index = registers.test_what_happened_before_is_found_by_index
