"""Gathered changes: written together, as if each had been written when it was decided; on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, Row, Table, select

from service.domain.errors import BadInputError, BusyError
from service.domain.outside import Outside
from service.persistence.database import Database
from service.persistence.tables import cases, house, instances, tasks
from service.persistence.unit import Unit
from tests.persistence.postgresql import migrated_database, noted_statements

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL."""
    with migrated_database() as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def unit(request: pytest.FixtureRequest, outside: Outside) -> Iterator[Unit]:
    """Give a unit of work on each kind of database; what is written is rolled back."""
    if request.param == "postgresql":
        database = Database(request.getfixturevalue("postgresql"))
    else:
        database = request.getfixturevalue("database")
    with database.unit(outside) as opened:
        yield opened


def element(key: int, **columns: Any) -> dict[str, Any]:
    """Return a row of `element_instances`."""
    row = {"key": key, "instance_key": 1, "scope_key": 1, "element_id": "a", "name": "甲"}
    return {**row, "type": "USER_TASK", "state": "ACTIVE", "started_at": NOON, **columns}


def timer(key: int, instance_key: int, state: str = "OPEN") -> dict[str, Any]:
    """Return a row of `timers`."""
    row = {"key": key, "instance_key": instance_key, "process_key": 1, "element_id": "t"}
    return {**row, "due_at": NOON, "state": state, "is_interrupting": True, "attempts": 0}


def variable(key: int, name: str, value: str) -> dict[str, Any]:
    """Return a row of `variables`, without the column that has a default."""
    row = {"key": key, "instance_key": 1, "root_key": 1, "scope_key": 1}
    return {**row, "name": name, "value": value}


def submission(key: int, form_id: str) -> dict[str, Any]:
    """Return a row of `form_submissions` without its round."""
    row = {"key": key, "instance_key": 1, "element_id": "a", "form_id": form_id, "form_key": 1}
    return {**row, "values": {}, "submitted_by": "lina", "submitted_at": NOON}


def rows(unit: Unit, table: Table) -> list[Row[Any]]:
    """Return the rows of a table in the order of their keys."""
    return list(unit.connection.execute(select(table).order_by(table.c.key)))


@pytest.mark.parametrize("others", [0, 2], ids=["alone", "among_others"])
def test_every_type_comes_back_as_it_was_given(unit: Unit, others: int) -> None:
    """Moments to the microsecond, bytes, JSON of any kind, texts with quotes, null, defaults."""
    detail = {"数": [1, 2.5, None, True], "text": 'a "b" \\ \n 😀', "big": 2**62}
    instance = {
        "key": 2**62,
        "process_key": 1,
        "process_id": "p",
        "version": 3,
        "state": "ACTIVE",
        "root_key": 2**62,
        "call_depth": 0,
        "started_at": NOON,
        "tags": ["a", "b"],
        "engine_state": bytes(range(256)),
        "row_version": 0,
        "has_incident": True,
    }
    more = range(1, others + 1)
    unit.insert(
        instances.process_instances,
        [instance, *({**instance, "key": 2**62 + n} for n in more)],
    )
    unit.insert(instances.variables, [variable(n + 1, "x" * (n + 1), '"y"') for n in (0, *more)])
    for _ in (0, *more):
        unit.record("told", before="text", after=7, detail=detail)
    unit.flush()

    written = rows(unit, instances.process_instances)[0]
    told = rows(unit, cases.events)[0]
    named = rows(unit, instances.variables)[0]
    assert {name: getattr(written, name) for name in instance} == instance
    assert written.case_key is None
    assert (told.before, told.after, told.detail) == ("text", 7, detail)
    assert (named.value, named.is_live) == ('"y"', True)


def test_an_integer_of_more_than_64_bits_is_kept(unit: Unit) -> None:
    """JSON knows no limit; a decision may give such a number."""
    unit.record("told", after={"n": 10**30})
    unit.flush()
    (told,) = rows(unit, cases.events)
    assert told.after == {"n": 10**30}


def test_what_is_asked_for_finds_what_was_gathered(unit: Unit) -> None:
    """Whoever takes the connection sees all rows, in a statement of any kind."""
    unit.insert(instances.element_instances, [element(1), element(2, name='"x"')])
    unit.update(instances.element_instances, 2, {"state": "COMPLETED", "ended_at": NOON})

    found = rows(unit, instances.element_instances)

    assert [(row.key, row.state, row.ended_at) for row in found] == [
        (1, "ACTIVE", None),
        (2, "COMPLETED", NOON),
    ]


def test_changes_of_one_row_become_one(unit: Unit) -> None:
    """Of two changes of a column the later counts; other columns keep theirs."""
    unit.insert(instances.element_instances, [element(1)])
    unit.flush()
    unit.update(instances.element_instances, 1, {"state": "X", "name": "乙"})
    unit.update(instances.element_instances, 1, {"state": "Y"})

    (found,) = rows(unit, instances.element_instances)

    assert (found.state, found.name, found.element_id) == ("Y", "乙", "a")


def test_a_row_that_stands_there_takes_over_what_is_named(unit: Unit) -> None:
    """And nothing else: its key and its other columns stay; of two new values the later counts."""
    table, same, takes = instances.variables, ("scope_key", "name"), ("value", "is_live")
    unit.put(table, same, takes, [variable(1, "x", "1"), variable(2, "y", "1")])
    unit.flush()
    unit.put(table, same, takes, [{**variable(3, "x", "2"), "is_live": True}])
    unit.put(table, same, takes, [{**variable(4, "x", "3"), "is_live": False}])
    unit.put(table, same, takes, [{**variable(5, "z", "4"), "is_live": True}])

    found = {row.name: (row.key, row.value, row.is_live) for row in rows(unit, table)}

    assert found == {"x": (1, "3", False), "y": (2, "1", True), "z": (5, "4", True)}


def test_an_effect_that_is_asked_for_stays_as_it_is(unit: Unit) -> None:
    """The second asking for the same job and subject writes nothing, gathered together or not."""
    for _ in range(2):
        unit.send("job", 1, effect="e")
        unit.send("job", 1, effect="e")
        unit.flush()
    assert [row.effect_key for row in rows(unit, house.outbox)] == ["job/1/e"]


def test_counters_grow(unit: Unit) -> None:
    """Whether the row stands there or is gathered with the one that adds to it."""
    table, same = instances.taken_flows, ("instance_key", "flow_id")
    flow = {"instance_key": 1, "flow_id": "f", "times": 2}
    unit.add_up(table, same, "times", [flow, {**flow, "flow_id": "g"}])
    unit.add_up(table, same, "times", [flow])
    unit.flush()
    unit.add_up(table, same, "times", [flow])

    found = unit.connection.execute(select(table.c.flow_id, table.c.times).order_by("flow_id"))

    assert [tuple(row) for row in found] == [("f", 6), ("g", 2)]


def test_rounds_are_counted_by_the_rows_that_agree(unit: Unit) -> None:
    """The first of a form in an instance is 1; another form has its own count."""
    for key, form_id in ((1, "f"), (2, "f"), (3, "g")):
        counts = ("round", ("instance_key", "form_id"))
        unit.insert(tasks.form_submissions, [submission(key, form_id)], counts)
        unit.flush()
    assert [row.round for row in rows(unit, tasks.form_submissions)] == [1, 2, 1]


def test_only_rows_in_the_state_that_is_named_are_changed(unit: Unit) -> None:
    """Timers that are done stay done; those of another instance stay open."""
    table = instances.timers
    unit.insert(table, [timer(1, 7), timer(2, 7, "DONE"), timer(3, 8)])
    unit.flush()
    unit.update_of(
        table, "instance_key", [7], {"state": "CANCELED"}, ("state", ("OPEN", "SUSPENDED"))
    )
    unit.insert(table, [timer(4, 7)])

    assert [row.state for row in rows(unit, table)] == ["CANCELED", "DONE", "OPEN", "OPEN"]


def test_a_change_of_many_finds_rows_that_were_just_gathered(unit: Unit) -> None:
    """They are written before it, as they were decided before it."""
    table = instances.timers
    unit.insert(table, [timer(1, 7)])
    unit.update_of(
        table, "instance_key", [7], {"state": "CANCELED"}, ("state", ("OPEN", "SUSPENDED"))
    )
    unit.insert(table, [timer(2, 9)])
    unit.delete(table, "instance_key", [9])
    assert [row.state for row in rows(unit, table)] == ["CANCELED"]


def test_rows_may_be_removed_and_written_anew(unit: Unit) -> None:
    """The new one takes the place of the old one although both have the same name."""
    table = tasks.user_task_candidates
    row = {"task_key": 7, "kind": "group", "name": "cs", "due_at": None}
    row |= {"created_at": NOON, "process_id": "p", "is_free": True}
    unit.insert(table, [row])
    unit.flush()
    unit.delete(table, "task_key", [7])
    unit.insert(table, [{**row, "due_at": NOON}])

    found = unit.connection.execute(select(table)).all()

    assert [(one.name, one.due_at) for one in found] == [("cs", NOON)]


def test_a_row_that_somebody_else_wrote_makes_the_unit_fail(unit: Unit) -> None:
    """The version that was read is not there any more: nothing may be built on it."""
    row = {"key": 1, "process_key": 1, "process_id": "p", "version": 1, "state": "ACTIVE"}
    more = {"root_key": 1, "call_depth": 0, "started_at": NOON, "tags": [], "engine_state": b""}
    table = instances.process_instances
    unit.insert(table, [{**row, **more, "row_version": 3, "has_incident": False}])
    unit.flush()
    unit.update(table, 1, {"row_version": 4}, guard=("row_version", 3))
    unit.flush()
    unit.update(table, 1, {"row_version": 4}, guard=("row_version", 3))

    with pytest.raises(BusyError):
        unit.flush()


def test_a_moment_without_zone_is_refused(unit: Unit) -> None:
    """It would be somebody's guess."""
    unit.insert(instances.timers, [{**timer(1, 7), "due_at": NOON.replace(tzinfo=None)}])
    with pytest.raises(Exception, match="aware"):
        unit.flush()


@pytest.mark.services
def test_a_character_that_postgresql_cannot_hold_is_bad_input(
    postgresql: Engine, outside: Outside
) -> None:
    """NUL in a text: refused as what was sent, not as our failure."""
    with Database(postgresql).unit(outside) as unit:
        unit.record("told", after={"text": "a\0b"})
        with pytest.raises(BadInputError):
            unit.flush()


@pytest.mark.services
def test_all_changes_are_one_statement_on_postgresql(postgresql: Engine, outside: Outside) -> None:
    """However many tables and rows they concern."""
    with noted_statements() as texts, Database(postgresql).unit(outside) as unit:
        unit.insert(instances.element_instances, [element(n) for n in range(30)])
        unit.update(instances.element_instances, 99, {"state": "COMPLETED"})
        unit.delete(tasks.user_task_candidates, "task_key", [7])
        unit.record("told")
        unit.flush()
    assert len(texts) == 1
