"""Who sees which rows of a search."""

import pytest
from sqlalchemy import Connection, insert

from service.domain.errors import NotFoundError
from service.identity import Grant, Person
from service.persistence.tables import house
from service.reports.search import process_instances, roles, user_tasks, variables
from service.reports.search.nouns import find, search
from tests.api.rows import (
    add_instance,
    add_process,
    add_reader,
    add_task,
    add_variable,
)
from tests.api.search_fixture import _template, connection

__all__ = ["_template", "connection"]


@pytest.fixture
def world(connection: Connection) -> Connection:
    """Three instances: one of anna's case 500, one of case 501, one without case."""
    add_process(connection)
    add_instance(connection, 100, case_key=500)
    add_instance(connection, 200, case_key=501)
    add_instance(connection, 300, started_by="anna")
    add_task(connection, 1, 100, case_key=500, assignee="anna", candidate_groups=["quality"])
    add_task(connection, 2, 200, case_key=501, candidate_groups=["finance"])
    add_task(connection, 3, 300, properties={"supervisors": "boss, board"})
    add_task(connection, 4, 200, case_key=501, completed_by="carl", state="COMPLETED")
    connection.execute(
        insert(house.groups).values(
            key="finance",
            name="财务部",
            other_names=[],
            is_department=True,
            supervisor_group="cfo",
        )
    )
    add_reader(connection, 501, "group", "readers")
    add_reader(connection, 500, "user", "rita")
    add_variable(connection, 900, "x", "1", scope_key=100, instance_key=100)
    return connection


def person(username: str, *groups: str, role: str = "staff") -> Person:
    """Return somebody of these groups."""
    return Person(username, username, groups=frozenset(groups), roles=frozenset({role}))


def seen(connection: Connection, who: Person) -> tuple[str, str]:
    """Return the keys of the tasks and instances that somebody sees."""
    found_tasks = search(connection, who, user_tasks.NOUN, {})["items"]
    found_instances = search(connection, who, process_instances.NOUN, {})["items"]
    return (
        " ".join(item["userTaskKey"] for item in found_tasks),
        " ".join(item["processInstanceKey"] for item in found_instances),
    )


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (person("nobody"), ("", "")),
        (person("anna"), ("1", "100 300")),
        (person("quinn", "quality"), ("1", "100")),
        (person("fred", "finance"), ("2 4", "200")),
        (person("carl"), ("2 4", "200")),
        (person("chief", "cfo"), ("2", "")),
        (person("bob", "boss"), ("3", "")),
        (person("bo", "bos"), ("", "")),
        (person("rita"), ("1", "100")),
        (person("rob", "readers"), ("2 4", "200")),
        (person("ada", role="admin"), ("1 2 3 4", "100 200 300")),
        (person("olaf", role="operator"), ("1 2 3 4", "100 200 300")),
        (person("otto", role="process_owner"), ("", "")),
        (person("udo", role="auditor"), ("1 2 3 4", "100 200 300")),
        (person("rule", role="rules_admin"), ("", "")),
    ],
    ids=lambda value: value.username if isinstance(value, Person) else "",
)
def test_everybody_sees_his_own_and_the_keepers_all(
    world: Connection, who: Person, expected: tuple[str, str]
) -> None:
    """XC-P-1, XC-P-2: assignee, candidates, supervisors, participants and readers of the case."""
    assert seen(world, who) == expected


def test_what_may_not_be_seen_is_not_found(world: Connection) -> None:
    """A stranger gets the same answer for a hidden task and for none."""
    stranger = person("nobody")
    with pytest.raises(NotFoundError) as hidden:
        find(world, stranger, user_tasks.NOUN, 1)
    with pytest.raises(NotFoundError) as missing:
        find(world, stranger, user_tasks.NOUN, 9)
    assert hidden.value.detail.replace("'1'", "'9'") == missing.value.detail


def test_variables_are_seen_with_their_instance(world: Connection) -> None:
    """Whoever may not see the instance sees none of its values."""
    assert search(world, person("anna"), variables.NOUN, {})["page"]["totalItems"] == 1
    assert search(world, person("fred", "finance"), variables.NOUN, {})["items"] == []


def granted(permission: str, resource_id: str, kind: str = "PROCESS_DEFINITION") -> Person:
    """Return somebody who has this by authorization and is nobody else here."""
    grant = Grant(kind, permission, resource_id)
    return Person("zoe", "Zoe", roles=frozenset(), grants=frozenset({grant}))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (granted("READ_USER_TASK", "complaint"), ("1 2 3 4", "")),
        (granted("READ_USER_TASK", "*"), ("1 2 3 4", "")),
        (granted("READ_USER_TASK", "another"), ("", "")),
        (granted("READ_PROCESS_INSTANCE", "complaint"), ("", "100 200 300")),
        (granted("READ", "3", "USER_TASK"), ("3", "")),
    ],
    ids=["process", "all", "another process", "instances", "one task"],
)
def test_an_authorization_lets_see(
    world: Connection, who: Person, expected: tuple[str, str]
) -> None:
    """The tasks and instances of the process it names, or of all."""
    assert seen(world, who) == expected


def test_a_group_shows_its_roles(connection: Connection) -> None:
    """Those it holds, built in or not, and no others."""
    auditor = person("aude", role="auditor")
    columns = {"other_names": [], "is_department": False}
    connection.execute(
        insert(house.groups).values(
            key="desk", name="前台", roles=["staff", "auditor", "gone"], **columns
        )
    )
    connection.execute(
        insert(house.groups).values(key="hall", name="大厅", roles=["operator"], **columns)
    )

    answer = search(connection, auditor, roles.NOUN, {}, roles.of_group("desk"))

    assert [item["roleId"] for item in answer["items"]] == ["auditor", "staff"]
