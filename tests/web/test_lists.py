"""The inbox and the list of cases, and the page of a case."""

from datetime import timedelta
from html import unescape
from re import findall

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from service.identity import Person
from service.persistence.tables import tasks
from service.usecases import user_tasks
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm, start_with_form
from service.web.parts import case_list
from tests.fakes import FakeClock
from tests.web.conftest import COMPLAINT, WANG, SignedIn

ADMIN = Person("admin", "系统管理员", roles=frozenset({"admin", "staff"}))


def rows(client: FlaskClient, url: str) -> int:
    """Return how many tasks a list shows."""
    return client.get(url).text.count('class="hy-task-title"')


def test_a_task_moves_from_tab_to_tab(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Claimable for the group, then mine, then done."""
    client, key = signed_in("wang"), int(complaint.next_task_key or 0)
    assert (rows(client, "/tasks"), rows(client, "/tasks?tab=claimable")) == (0, 1)

    user_tasks.claim(office, WANG, key)
    assert (rows(client, "/tasks"), rows(client, "/tasks?tab=claimable")) == (1, 0)

    note = {"contact_phone": "13812345207", "check_note": "好"}
    user_tasks.complete(office, WANG, key, note)
    assert (rows(client, "/tasks"), rows(client, "/tasks?tab=done")) == (0, 1)


def test_search_and_filter_narrow_the_list(signed_in: SignedIn, complaint: StartedWithForm) -> None:
    """By words, by process, by clock; an empty list says what to do."""
    client = signed_in("wang")
    base = "/tasks?tab=claimable"

    assert rows(client, f"{base}&q=开裂") == 1
    assert rows(client, f"{base}&q={complaint.case_no}") == 1
    assert rows(client, f"{base}&process=small_complaint") == 1
    assert rows(client, f"{base}&q=漏水") == 0
    assert rows(client, f"{base}&late=1") == 0
    assert "没有符合条件的任务" in client.get(f"{base}&q=漏水").text


def test_a_long_list_goes_on_without_the_page_around_it(signed_in: SignedIn, office: House) -> None:
    """htmx asks for the next rows alone; without scripts the same link opens a page."""
    for _ in range(3):
        start_with_form(office, WANG, "small_complaint", COMPLAINT)
    client = signed_in("wang")

    more = client.get("/tasks?tab=claimable", headers={"HX-Request": "true"}).text

    assert more.count('class="hy-task-title"') == 3
    assert "<html" not in more


def test_a_cursor_of_nowhere_is_refused(signed_in: SignedIn) -> None:
    """An address that was tampered with is no bug of ours."""
    assert signed_in("wang").get("/tasks?cursor=nonsense").status_code == 400


def test_lists_hide_the_name_of_a_private_customer(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """In lists 王小明 is 王*先生/女士 (XC-P-4), in the customer's column and in the title."""
    client = signed_in("wang")

    for url in ("/cases", "/tasks?tab=claimable"):
        page = client.get(url).text
        assert "王*先生/女士" in page
        assert "王小明" not in page


def test_the_case_page_hides_what_the_readers_task_does_not_need(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Name and phone are hidden, also in forms and history, until the reader works on it (XC-P-4)."""
    url = f"/cases/{complaint.case_no}"
    auditor = signed_in("auditor").get(url).text
    assert "王小明" not in auditor
    assert "13812345207" not in auditor
    assert "*******5207" in auditor

    user_tasks.claim(office, WANG, int(complaint.next_task_key or 0))

    assert "13812345207" in signed_in("wang").get(url).text


def test_a_finished_task_hides_personal_data_again(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Who looks back at a task he finished reads the customer masked, also inside the form."""
    key = int(complaint.next_task_key or 0)
    note = {"contact_phone": "13812345207", "check_note": "好"}
    user_tasks.complete(office, WANG, key, note)

    page = signed_in("wang").get(f"/tasks/{key}").text

    assert "13812345207" not in page


def test_the_case_page_tells_everything_that_happened(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """Number, grade and its reason, who has it, forms, decisions, history."""
    page = signed_in("wang").get(f"/cases/{complaint.case_no}").text

    for text in (
        str(complaint.case_no),
        "1级",
        "可领取：客服部",
        "适用规则 SG-1：箱数 ≥ 100",
        "流程开始",
        "任务到达：核对投诉",
        "120",
    ):
        assert text in page


def test_a_stranger_cannot_tell_that_a_case_exists(
    signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """404 for a case of others as for one that is not there."""
    client = signed_in("liu")

    assert client.get(f"/cases/{complaint.case_no}").status_code == 404
    assert client.get("/cases/20200101-TEL-001").status_code == 404
    assert str(complaint.case_no) not in client.get("/cases").text


def test_the_list_of_cases_filters_and_sorts(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, clock: FakeClock
) -> None:
    """By grade and state; a click on a head sorts, another turns round; filters keep the order."""
    clock.advance(hours=1)
    second = start_with_form(office, WANG, "small_complaint", {**COMPLAINT, "boxes": 3})
    client = signed_in("wang")
    first_no, second_no = str(complaint.case_no), str(second.case_no)

    newest = client.get("/cases").text
    oldest = client.get("/cases?sort=opened_at").text
    graded = client.get("/cases?grade=2级").text

    assert newest.index(second_no) < newest.index(first_no)
    assert oldest.index(first_no) < oldest.index(second_no)
    assert '<input type="hidden" name="sort" value="opened_at">' in oldest
    assert 'type="hidden" name="sort"' not in newest
    assert second_no in graded
    assert first_no not in graded
    assert "没有符合条件的案件" in client.get("/cases?state=CLOSED").text
    assert client.get("/cases?sort=nonsense&state=nonsense").status_code == 200


def test_a_task_stands_in_bold_until_it_was_opened(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Opening it reads it, for the one who opened it alone; a finished task leaves no mark behind."""
    key, url = int(complaint.next_task_key or 0), "/tasks?tab=claimable"
    wang, li = signed_in("wang"), signed_in("li")

    before = wang.get(url).text
    wang.get(f"/tasks/{key}", headers={"HX-Request": "true", "HX-Target": "detail"})
    wang.get(f"/tasks/{key}")

    assert 'class="is-unread"' in before
    assert 'class="is-unread"' not in wang.get(url).text
    assert 'class="is-unread"' in li.get(url).text

    note = {"contact_phone": "13812345207", "check_note": "好"}
    user_tasks.complete(office, WANG, key, note)
    wang.get(f"/tasks/{key}")

    with office.database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tasks.task_reads)).scalar() == 0


def test_the_chips_by_clock_exclude_each_other(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, clock: FakeClock
) -> None:
    """即将超时 shows what is in the last fifth of its time; switching one chip on switches the other off."""
    client, base = signed_in("wang"), "/tasks?tab=claimable"
    key = int(complaint.next_task_key or 0)
    due = {"due_at": clock.now() + timedelta(hours=10)}
    user_tasks.update(office, ADMIN, key, user_tasks.UserTaskChanges(due))
    early = rows(client, f"{base}&near=1")
    clock.advance(hours=9)

    page = client.get(f"{base}&near=1").text

    assert (early, rows(client, f"{base}&near=1"), rows(client, f"{base}&late=1")) == (0, 1, 0)
    assert 'href="/tasks?tab=claimable&amp;late=1"' in page
    assert "is-soon" in page


def test_every_page_of_a_filtered_list_keeps_the_filters(
    signed_in: SignedIn, office: House, complaint: StartedWithForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grade, state, process and lateness narrow all pages; together the pages show each case once."""
    # Fifty cases would take a second; a page of two shows the same.
    monkeypatch.setattr(case_list, "PAGE_SIZE", 2)
    wanted = {str(complaint.case_no)}
    for boxes in (120, 3, 120, 120):
        begun = start_with_form(office, WANG, "small_complaint", {**COMPLAINT, "boxes": boxes})
        wanted |= {str(begun.case_no)} if boxes == COMPLAINT["boxes"] else set()
    client = signed_in("wang")

    url, shown = "/cases?grade=1级&state=OPEN&process=small_complaint", list[str]()
    while url:
        page = client.get(url).text
        shown += findall(r'href="/cases/([^"?]+)"', page)
        after = [
            link for link in findall(r'href="([^"]+cursor=[^"]+)"', page) if "sort=" not in link
        ]
        url = unescape(after[-1]) if after else ""

    assert sorted(shown) == sorted(wanted)
    assert "没有符合条件的案件" in client.get("/cases?overdue=1").text
    assert "没有符合条件的案件" in client.get("/cases?process=another").text
