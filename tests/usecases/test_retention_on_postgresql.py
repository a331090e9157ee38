"""Retention on a real PostgreSQL: its own triggers keep and release events."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from service.persistence.database import Database
from service.persistence.tables import cases, instances
from service.usecases import retention
from tests.fakes import FakeClock
from tests.persistence.postgresql import migrated_database
from tests.usecases.conftest import Office
from tests.usecases.test_retention import MANAGER, THREE_YEARS, ended, history

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture
def database() -> Iterator[Database]:
    """Put the house of this test on a PostgreSQL."""
    with migrated_database() as engine:
        yield Database(engine)


def test_a_confirmed_history_is_deleted_and_no_other_event(
    office: Office, clock: FakeClock
) -> None:
    """What is confirmed goes with its events; a plain DELETE is refused before and after."""
    key = ended(office)
    clock.advance(2 * THREE_YEARS)
    retention.run(office.house)
    for is_confirmed in (False, True):
        unit_of_work = office.house.database.unit(office.house.outside)
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work as unit:
            unit.connection.execute(delete(cases.events))
        if not is_confirmed:
            retention.confirm(office.house, MANAGER, [key])
    assert retention.run(office.house) == (0, 1)
    assert (history(office).state, office.rows(instances.process_instances)) == ("DELETED", [])
    assert {row.instance_key for row in office.rows(cases.events)} == {None}
