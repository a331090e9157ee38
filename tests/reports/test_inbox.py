"""The inbox shows what is somebody's, what he may take, what he did, and what he gets copies of."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from json import dumps
from typing import Any

import pytest
from sqlalchemy import Connection, event

from service.domain.errors import BadInputError
from service.persistence.tables import tasks
from service.reports import inbox_counts
from service.reports.inbox import TABS, InboxQuery, page
from service.reports.inbox_counts import AtIcons, Counts, at_icons
from service.reports.nearing import near_span
from tests.fakes import NOW
from tests.persistence.postgresql import noted_statements
from tests.rows import (
    add_attachment,
    add_case,
    add_notification,
    add_process,
    add_reader,
    add_task,
    person,
)

QUINN = person("quinn", groups=frozenset({"quality"}))


def keys(connection: Connection, **query: object) -> list[int | None]:
    return [row.task_key for row in page(connection, QUINN, InboxQuery(**query), NOW).rows]  # type: ignore[arg-type]


def test_each_task_stands_on_exactly_one_tab(connection: Connection) -> None:
    """Assigned, claimable, done, canceled and other people's tasks are told apart."""
    mine = add_task(connection, assignee="quinn", candidate_groups=["quality"])
    free = add_task(connection, candidate_groups=["quality"], candidate_users=["quinn"])
    done = add_task(connection, state="COMPLETED", completed_by="quinn", completed_at=NOW)
    add_task(connection, state="CANCELED", assignee="quinn", completed_at=NOW)
    add_task(connection, assignee="sam", candidate_groups=["quality"])
    add_task(connection, candidate_groups=["sales"])

    assert keys(connection, tab="mine") == [mine]
    assert keys(connection, tab="claimable") == [free]
    assert keys(connection, tab="done") == [done]


def test_the_next_deadline_comes_first_and_none_comes_last(connection: Connection) -> None:
    """Sorted by due date; tasks without one close the list."""
    none = add_task(connection, assignee="quinn")
    late = add_task(connection, assignee="quinn", due_at=NOW + timedelta(hours=9))
    soon = add_task(connection, assignee="quinn", due_at=NOW + timedelta(hours=1))

    assert keys(connection) == [soon, late, none]
    assert keys(connection, sort="newest") == [soon, late, none]


@pytest.mark.parametrize("tab", ["mine", "claimable"])
@pytest.mark.parametrize("sort", ["due", "newest"])
def test_pages_join_without_gap_or_repetition(connection: Connection, sort: str, tab: str) -> None:
    """Walking page by page gives every task once, in order, with equal and missing deadlines."""
    for n in range(11):
        due = None if n % 4 == 0 else NOW + timedelta(hours=n % 3)
        add_task(
            connection,
            assignee="quinn" if tab == "mine" else None,
            candidate_groups=["quality", "sales"] if n % 2 else [],
            candidate_users=["quinn"] if n % 3 or not n % 2 else ["sam"],
            due_at=due,
            created_at=NOW + timedelta(hours=n % 2),
        )
    whole = keys(connection, sort=sort, tab=tab)

    walked: list[int | None] = []
    cursor: str | None = None
    while True:
        found = page(connection, QUINN, InboxQuery(tab, sort=sort, cursor=cursor, limit=3), NOW)
        walked += [row.task_key for row in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            break

    assert len(whole) == 11
    assert walked == whole


def test_what_he_may_take_is_in_one_order_whoever_is_named(connection: Connection) -> None:
    """Tasks of one group, of another and of himself stand among each other by deadline."""
    who = person("quinn", groups=frozenset({"quality", "sales"}))
    due = [NOW + timedelta(hours=n) for n in range(4)]
    second = add_task(connection, candidate_groups=["quality"], due_at=due[1])
    first = add_task(connection, candidate_groups=["sales"], due_at=due[0])
    last = add_task(connection, candidate_groups=["sales", "quality"])
    third = add_task(connection, candidate_users=["quinn"], due_at=due[2])

    rows = page(connection, who, InboxQuery("claimable"), NOW).rows

    assert [row.task_key for row in rows] == [first, second, third, last]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"process_id": "product_freeze"}, "freeze"),
        ({"overdue_only": True}, "late"),
        ({"near_only": True}, "near"),
        ({"text": "百灵"}, "case"),
        ({"text": "百灵", "process_id": "product_freeze"}, ""),
    ],
)
def test_what_he_may_take_is_filtered_as_his_own(
    connection: Connection, query: dict[str, object], expected: str
) -> None:
    """By process, by clock, by words of case and task."""
    case = add_case(connection, title="百灵文具：开胶")
    soon: dict[str, Any] = {
        "due_at": NOW + timedelta(minutes=1),
        "created_at": NOW - timedelta(hours=9),
    }
    tasks: dict[str, dict[str, Any]] = {
        "freeze": {"process_id": "product_freeze"},
        "late": {"overdue_level": 1},
        "near": soon,
        "case": {"case_key": case},
    }
    found = {
        name: add_task(connection, candidate_groups=["quality"], **changes)
        for name, changes in tasks.items()
    }

    names = {key: name for name, key in found.items()}
    shown = [names[key] for key in keys(connection, tab="claimable", **query) if key]
    assert shown == expected.split()


def test_a_long_list_is_counted_up_to_a_bound(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads the difference between a thousand and two thousand tasks."""
    monkeypatch.setattr(inbox_counts, "COUNTED", 3)
    for _ in range(5):
        add_task(connection, candidate_groups=["quality"], candidate_users=["quinn"])

    assert page(connection, QUINN, InboxQuery(), NOW).counts.claimable == 3


def test_a_cursor_of_something_else_is_refused(connection: Connection) -> None:
    """A cursor that was made up is bad input, not a crash."""
    made_up = (
        [{"at": "2026-11-24"}, 1],
        [{"at": "2026-11-24T00:00:00Z"}, "1"],
        ["due", 1],
        [1, 1.5],
    )
    texts = [urlsafe_b64encode(dumps(values).encode()).decode() for values in made_up]
    for cursor in ("x", "bnVsbA==", "WzFd", *texts):
        with pytest.raises(BadInputError):
            page(connection, QUINN, InboxQuery(cursor=cursor), NOW)


def test_words_are_looked_for_in_case_and_task(connection: Connection) -> None:
    """Every word must fit number, title, customer or the task's name; signs of patterns are plain."""
    case = add_case(connection, "20261124-TEL-007", title="百灵文具：开胶", customer="百灵文具")
    wanted = add_task(connection, assignee="quinn", case_key=case, name="界定问题")
    add_task(connection, assignee="quinn", name="100%确认")

    assert keys(connection, text="百灵") == [wanted]
    assert keys(connection, text="tel-007 界定") == [wanted]
    assert keys(connection, text="百灵 确认") == []
    assert keys(connection, text="_") == []


def test_filters_by_process_and_lateness(connection: Connection) -> None:
    """The filter lists only processes of the tab; overdue means the clock has marked it."""
    add_process(connection, "product_destruction", name="销毁")
    add_process(connection)
    freeze = add_task(
        connection, assignee="quinn", process_id="product_freeze", process_name="冻结"
    )
    late = add_task(connection, assignee="quinn", overdue_level=2)
    add_task(connection, assignee="sam", process_id="product_recall")

    assert keys(connection, process_id="product_freeze") == [freeze]
    assert keys(connection, overdue_only=True) == [late]
    choices = page(connection, QUINN, InboxQuery(), NOW).processes
    assert [(c.process_id, c.name) for c in choices] == [
        ("customer_feedback", "顾客反馈处理程序"),
        ("product_freeze", "冻结"),
    ]
    add_task(connection, candidate_groups=["quality"])
    claimable = page(connection, QUINN, InboxQuery("claimable"), NOW).processes
    assert [(c.process_id, c.name) for c in claimable] == [
        ("customer_feedback", "顾客反馈处理程序")
    ]
    done = page(connection, QUINN, InboxQuery("done"), NOW).processes
    assert [c.process_id for c in done] == ["customer_feedback", "product_destruction"]


@pytest.mark.parametrize(
    ("hours", "minutes_left", "expect"),
    [(10, 121, False), (10, 120, True), (100, 241, False), (100, 240, True), (10, 0, False)],
)
def test_a_deadline_is_near_in_its_last_fifth_and_at_most_four_hours(
    connection: Connection, hours: int, minutes_left: int, expect: bool
) -> None:
    """Ten hours near their end for two, a hundred for four; what is over is not near any more."""
    due = NOW + timedelta(minutes=minutes_left)
    key = add_task(
        connection, assignee="quinn", due_at=due, created_at=due - timedelta(hours=hours)
    )

    found = page(connection, QUINN, InboxQuery(near_only=True), NOW)

    assert [row.task_key for row in found.rows] == ([key] if expect else [])
    assert found.counts.near == int(expect)
    assert (timedelta(0) < due - NOW <= near_span(due - timedelta(hours=hours), due)) is expect


def test_a_task_without_a_deadline_is_never_near(connection: Connection) -> None:
    """The filter leaves it out."""
    add_task(connection, assignee="quinn")

    assert keys(connection, near_only=True) == []


def test_a_task_is_unread_until_its_reader_opened_it(connection: Connection) -> None:
    """What somebody else has opened is still unread; done tasks and copies never are."""
    opened = add_task(connection, assignee="quinn")
    seen_by_sam = add_task(connection, assignee="quinn")
    done = add_task(connection, state="COMPLETED", completed_by="quinn", completed_at=NOW)
    for key, name in ((opened, "quinn"), (seen_by_sam, "sam")):
        connection.execute(
            tasks.task_reads.insert().values(task_key=key, username=name, read_at=NOW)
        )

    mine = page(connection, QUINN, InboxQuery(), NOW).rows
    over = page(connection, QUINN, InboxQuery(tab="done"), NOW).rows

    assert {row.task_key: row.is_unread for row in (*mine, *over)} == {
        opened: False,
        seen_by_sam: True,
        done: False,
    }


def test_counts_stand_beside_the_tabs(connection: Connection) -> None:
    """A task that is claimable twice over counts once; a closed case is no copy to read."""
    add_task(connection, assignee="quinn", overdue_level=1)
    add_task(connection, assignee="quinn")
    add_task(connection, candidate_groups=["quality"], candidate_users=["quinn"])
    for number, state in (("a", "OPEN"), ("b", "CLOSED")):
        case = add_case(connection, number, state=state)
        add_reader(connection, case, "group", "quality")
        add_reader(connection, case, "user", "quinn", reason="主管")

    for reader, read_at in (("quinn", None), ("quinn", NOW), ("sam", None)):
        add_notification(connection, reader, read_at=read_at)

    counts = page(connection, QUINN, InboxQuery(), NOW).counts

    assert counts == Counts(mine=2, claimable=1, cc=1, overdue=1, near=0, letters=1)
    assert at_icons(connection, QUINN) == counts.at_icons == AtIcons(open_tasks=2, letters=1)


def test_a_kept_statement_answers_whoever_asks_and_when(connection: Connection) -> None:
    """Of somebody else with as many groups the page shows his own, and what is near now."""
    sam = person("sam", groups=frozenset({"sales"}))
    due = NOW + timedelta(hours=10)
    his = add_task(connection, assignee="sam", due_at=due, created_at=NOW)
    free = add_task(connection, candidate_groups=["sales"])
    add_task(connection, assignee="quinn")
    page(connection, QUINN, InboxQuery(), NOW)

    early, late = (page(connection, sam, InboxQuery(), at) for at in (NOW, due))
    almost = page(connection, sam, InboxQuery(), due - timedelta(minutes=9))
    claimable = page(connection, sam, InboxQuery("claimable"), NOW)

    assert [row.task_key for row in (*early.rows, *claimable.rows)] == [his, free]
    assert [one.counts.near for one in (early, almost, late)] == [0, 1, 0]


@pytest.mark.parametrize("tab", TABS)
def test_a_page_takes_three_statements_or_one_journey(connection: Connection, tab: str) -> None:
    """The rows with all that is said of them, the numbers beside the tabs, the processes to filter by.

    To PostgreSQL they go together; for SQLite a statement is a function call.
    """
    case = add_case(connection)
    add_reader(connection, case, "group", "quality")
    add_task(connection, assignee="quinn", case_key=case)
    add_task(connection, candidate_groups=["quality"], case_key=case)
    add_task(connection, state="COMPLETED", completed_by="quinn", completed_at=NOW, case_key=case)
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))

    with noted_statements() as journeys:
        found = page(connection, QUINN, InboxQuery(tab), NOW)

    expected = {"sqlite": (3, 0), "postgresql": (0, 1)}[connection.dialect.name]
    assert (len(found.rows), len(statements), len(journeys)) == (1, *expected)


def test_a_copy_is_a_case_with_the_reason_why(connection: Connection) -> None:
    """On the tab of copies a line has no task; others' copies are not there."""
    case = add_case(connection, "20261124-WEB-001", title="甲公司：缺货", customer="甲公司")
    add_reader(connection, case, "group", "quality", since=NOW + timedelta(hours=1))
    add_reader(connection, add_case(connection, "x"), "group", "sales")

    (row,) = page(connection, QUINN, InboxQuery(tab="cc"), NOW).rows

    assert (row.task_key, row.case_no, row.name) == (None, "20261124-WEB-001", "抄送")
    assert row.created_at == NOW + timedelta(hours=1)


def test_a_customer_is_masked_unless_the_task_is_his_own(connection: Connection) -> None:
    """XC-P-4: the name shows on one's own tasks and is masked, in the title too, on what one may take."""
    case = add_case(connection, customer="王小明", title="王小明：开胶")
    add_task(connection, assignee="quinn", case_key=case)
    add_task(connection, candidate_groups=["quality"], case_key=case)

    (own,) = page(connection, QUINN, InboxQuery(), NOW).rows
    (free,) = page(connection, QUINN, InboxQuery(tab="claimable"), NOW).rows

    assert (own.customer, own.title) == ("王小明", "王小明：开胶")
    assert (free.customer, free.title) == ("王*先生/女士", "王*先生/女士：开胶")


def test_only_bound_files_of_the_case_are_counted(connection: Connection) -> None:
    """A file that was uploaded and never handed in is no attachment."""
    case = add_case(connection)
    add_task(connection, assignee="quinn", case_key=case)
    add_attachment(connection, "a", case_key=case)
    add_attachment(connection, "b", case_key=case)
    add_attachment(connection, "c", case_key=case, is_bound=False)

    (row,) = page(connection, QUINN, InboxQuery(), NOW).rows

    assert row.attachment_count == 2
