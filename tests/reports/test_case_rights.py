"""Who may read a case: the list and the page answer alike, and a stranger learns nothing (XC-P-2)."""

from itertools import product

import pytest
from sqlalchemy import Connection

from service.domain.errors import NotFoundError
from service.identity import Person
from service.reports import case_page, task_page
from service.reports.cases import CasesQuery, page
from service.reports.rights import reads_case
from tests.fakes import NOW
from tests.rows import add_case, add_group, add_instance, add_reader, add_task, person

CASE = "20261124-TEL-001"
STATES = ("CREATED", "ASSIGNING", "COMPLETED")
IN_QUALITY = person("quinn", groups=frozenset({"quality"}))

READERS = [
    ("opener", person("chenjing")),
    ("doer", person("dora")),
    ("assignee", person("anna")),
    ("candidate by group", IN_QUALITY),
    ("candidate by name", person("ned")),
    ("colleague of whom has it", person("paula", groups=frozenset({"production"}))),
    ("colleague by name of whom has it", person("pete")),
    ("copied group", person("sam", groups=frozenset({"sales"}))),
    ("copied person", person("rita")),
    ("supervisor of a group that had a task", person("max", groups=frozenset({"quality_manager"}))),
    ("supervisor named by the step", person("leo", groups=frozenset({"director"}))),
    ("auditor", person("audrey", roles=frozenset({"auditor"}))),
    ("administrator", person("admin", roles=frozenset({"admin"}))),
]
STRANGERS = [
    ("other group", person("zoe", groups=frozenset({"finance"}))),
    ("nobody's member", person("zack")),
    ("process owner", person("owen", roles=frozenset({"process_owner"}))),
]


@pytest.fixture
def task_key(connection: Connection) -> int:
    """Return an open task of a case with every kind of reader."""
    root = add_instance(connection)
    case = add_case(connection, CASE, root_instance_key=root)
    for key in ("quality", "quality_manager", "sales", "finance"):
        above = "quality_manager" if key == "quality" else None
        add_group(connection, key, supervisor_group=above)
    add_reader(connection, case, "group", "sales")
    add_reader(connection, case, "user", "rita")
    common = {"case_key": case, "instance_key": root, "root_key": root}
    add_task(connection, state="COMPLETED", completed_by="dora", completed_at=NOW, **common)
    add_task(connection, assignee="anna", properties={"supervisors": "boss, director"}, **common)
    pool = {"candidate_groups": ["production"], "candidate_users": ["pete"]}
    add_task(connection, assignee="polly", **pool, **common)
    other = add_instance(connection)
    add_task(connection, candidate_groups=["finance"], instance_key=other, root_key=other)
    return add_task(connection, candidate_groups=["quality"], candidate_users=["ned"], **common)


@pytest.mark.parametrize("reader", [who for _, who in READERS], ids=[name for name, _ in READERS])
def test_a_reader_finds_the_case_everywhere(
    connection: Connection, task_key: int, reader: Person
) -> None:
    """The list holds the case, and its page and its task's page open."""
    assert [row.case_no for row in page(connection, reader, CasesQuery()).rows] == [CASE]
    assert case_page.page(connection, reader, CASE).case_no == CASE
    assert task_page.facts(connection, reader, task_key).task.key == task_key


@pytest.mark.parametrize("reader", [who for _, who in STRANGERS], ids=[n for n, _ in STRANGERS])
def test_a_stranger_learns_nothing_of_the_case(
    connection: Connection, task_key: int, reader: Person
) -> None:
    """The answer is the same as for a case or task that does not exist."""
    assert page(connection, reader, CasesQuery()).rows == ()
    assert page(connection, reader, CasesQuery()).total == 0
    with pytest.raises(NotFoundError) as refused:
        case_page.page(connection, reader, CASE)
    with pytest.raises(NotFoundError) as unknown:
        case_page.page(connection, reader, "20261124-TEL-999")
    assert str(refused.value).replace("001", "999") == str(unknown.value)
    with pytest.raises(NotFoundError):
        task_page.facts(connection, reader, task_key)


def test_list_and_page_agree_about_every_kind_of_task(connection: Connection) -> None:
    """Whoever has, had or may have a task of a case reads it in both places or in neither."""
    add_group(connection, "quality")
    people = (None, "anna", "carl")
    keys: dict[str, int] = {}
    for state, assignee, done_by in product(STATES, people, people):
        case_no = f"{state}-{assignee}-{done_by}"
        root = add_instance(connection)
        keys[case_no] = add_case(connection, case_no, root_instance_key=root)
        task = {"state": state, "assignee": assignee, "completed_by": done_by}
        names = {"candidate_groups": ["quality"], "candidate_users": ["ned"]}
        place = {"case_key": keys[case_no], "instance_key": root, "root_key": root}
        add_task(connection, **place, **task, **names)

    for who in (IN_QUALITY, person("ned"), person("anna"), person("carl"), person("zack")):
        listed = {row.case_no for row in page(connection, who, CasesQuery()).rows}
        readable = {case_no for case_no, key in keys.items() if reads_case(connection, who, key)}
        assert listed == readable, who.username
