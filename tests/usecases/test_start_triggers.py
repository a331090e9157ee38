"""Triggers of parallel starts that never become complete: dropped by hand or by age, and gone for good."""

import pytest

from service.domain.errors import NotAllowedError, NotFoundError
from service.persistence.tables import cases, definitions
from service.usecases import parameters, start_triggers, sweeps
from tests.fakes import FakeClock
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, open_tasks
from tests.usecases.test_parallel_starts import ORDERED, PAID, gathering, publish


def waiting(office: Office) -> list[int]:
    """Return the keys of the triggers that wait."""
    table = definitions.start_triggers
    return [row.key for row in office.rows(table, table.c.dropped_at.is_(None))]


def told(office: Office) -> list[tuple[str, int]]:
    """Return who dropped how many, as the history says."""
    rows = office.rows(cases.events, cases.events.c.kind == "start_triggers.dropped")
    return [(row.who, row.detail["count"]) for row in rows]


def test_what_an_operator_drops_starts_nothing_any_more(office: Office) -> None:
    """Its content is gone at once; the history says who dropped how many; the rest of its set is missing."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A", item="lamp")
    publish(office, "ordered", "B")
    dropped, _other = waiting(office)
    start_triggers.drop(office.house, office.operator, [dropped])
    publish(office, "paid", "A")
    assert open_tasks(office) == []
    publish(office, "paid", "B")
    assert open_tasks(office) == ["pack"]
    (row, _paid) = office.rows(definitions.start_triggers)
    assert (row.key, row.variables) == (dropped, {})
    assert told(office) == [("yunwei", 1)]


def test_a_dropped_message_does_not_come_again_while_it_is_buffered(
    office: Office, clock: FakeClock
) -> None:
    """Its row goes when the message goes, an hour later; that of another kind at the next sweep."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A")
    start_triggers.drop(office.house, office.operator, waiting(office))
    publish(office, "ordered", "A")
    publish(office, "paid", "A")
    finish(office, "pack")
    publish(office, "paid", "A")
    assert open_tasks(office) == []
    sweeps.sweep(office.house)
    assert len(office.rows(definitions.start_triggers)) == 2
    clock.advance(hours=1)
    sweeps.sweep(office.house)
    assert [row.message_name for row in office.rows(definitions.start_triggers)] == ["paid"]


def test_all_are_dropped_or_none_and_by_operators_alone(office: Office) -> None:
    """What waits no more is refused, so that nobody believes to have dropped it."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A")
    (key,) = waiting(office)
    with pytest.raises(NotAllowedError):
        start_triggers.drop(office.house, office.clerk, [key])
    with pytest.raises(NotFoundError):
        start_triggers.drop(office.house, office.operator, [key, 7])
    assert waiting(office) == [key]
    start_triggers.drop(office.house, office.operator, [key])
    with pytest.raises(NotFoundError):
        start_triggers.drop(office.house, office.operator, [key])


@pytest.mark.parametrize(("days", "left"), [(None, 1), (2, 0), (0, 2)])
def test_the_sweep_drops_what_has_waited_too_long(
    office: Office, clock: FakeClock, days: int | None, left: int
) -> None:
    """Ninety days, or as the parameter says; 0 keeps it for good."""
    deployed(office, gathering(ORDERED, PAID))
    publish(office, "ordered", "A")
    clock.advance(days=start_triggers.KEPT_DAYS - 2)
    publish(office, "ordered", "B")
    clock.advance(days=2)
    if days is not None:
        shipped = {"key": start_triggers.KEPT_PARAMETER, "value": days, "label": "保留"}
        parameters.load_shipped(office.house, [shipped])
    sweeps.sweep(office.house)
    assert len(waiting(office)) == left
    assert len(office.rows(definitions.start_triggers)) == left
    assert sum(count for _who, count in told(office)) == 2 - left
