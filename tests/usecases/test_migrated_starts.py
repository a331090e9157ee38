"""Migration of what a message has started: each process has one active instance of a correlation key."""

import pytest

from service.domain.errors import WrongStateError
from service.persistence.tables import definitions, instances
from service.usecases import migration
from service.usecases.deployments import DeployFile
from service.usecases.messages import PublishMessage
from service.usecases.messages import publish as publish_message
from service.usecases.migration import MigrationPlan
from tests.usecases import drawing
from tests.usecases.conftest import Office
from tests.usecases.looking import deployed, finish, instance
from tests.usecases.test_message_rules import HOUR
from tests.usecases.test_migration import migrate


def publish(office: Office, name: str) -> tuple[int, ...]:
    """Publish a message of the key `k` that waits for an hour; return what it has started."""
    command = PublishMessage(name, "k", time_to_live=HOUR)
    return tuple(publish_message(office.house, office.operator, command).instance_keys)


def begun(process_id: str, message: str, task: str) -> DeployFile:
    """Return a process that a message starts."""
    return drawing.line(
        process_id,
        drawing.user_task(task),
        start=drawing.started_by(message),
        definitions=drawing.message(message),
    )


def to_second(office: Office) -> MigrationPlan:
    """Return the plan from the first process to the second."""
    table = definitions.process_definitions
    (row,) = office.rows(table, table.c.process_id == "second")
    return MigrationPlan(row.key, (("work", "look"),))


def test_one_that_would_be_the_second_of_its_key_is_refused(office: Office) -> None:
    """The dry run says so, too; as soon as the other one has ended, it may (Camunda 8)."""
    deployed(office, begun("first", "one", "work"), begun("second", "two", "look"))
    (key,), (other,) = publish(office, "one"), publish(office, "two")
    to = to_second(office)
    (told,) = migration.forecast(office.house, office.operator, [key], to)
    assert told.refusal is not None
    assert told.refusal.facts["reason"] == "start_taken"
    with pytest.raises(WrongStateError, match="'k'"):
        migrate(office, key, to)
    finish(office, "look")
    assert instance(office, other).state == "COMPLETED"
    migrate(office, key, to)
    assert instance(office, key).process_id == "second"
    table = instances.element_instances
    (process,) = office.rows(table, table.c.key == key)
    assert (process.element_id, process.name, process.type) == ("second", "second", "PROCESS")


def test_its_key_is_taken_in_the_process_it_moves_to(office: Office) -> None:
    """A message waits there until it has ended."""
    deployed(office, begun("first", "one", "work"), begun("second", "two", "look"))
    (key,) = publish(office, "one")
    migrate(office, key, to_second(office))
    assert publish(office, "two") == ()
    finish(office, "look")
    assert office.task("look").instance_key != key


def test_its_key_is_free_in_the_process_it_leaves(office: Office) -> None:
    """What has waited there starts at once: nobody else would wake it."""
    deployed(office, begun("first", "one", "work"), begun("second", "two", "look"))
    (key,) = publish(office, "one")
    assert publish(office, "one") == ()
    migrate(office, key, to_second(office))
    assert office.task("work").instance_key != key


def test_where_no_message_starts_anything_the_key_is_no_matter(office: Office) -> None:
    """The same key as often as wanted; so it is within one process, whose newer version it becomes."""
    plain = drawing.line("second", drawing.user_task("look"))
    deployed(office, begun("first", "one", "work"), plain)
    (key,) = publish(office, "one")
    migrate(office, key, to_second(office))
    (next_key,) = publish(office, "one")
    migrate(office, next_key, to_second(office))
    assert instance(office, next_key).process_id == "second"
