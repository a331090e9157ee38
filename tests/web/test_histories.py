"""到期档案: a manager looks over what is over and lets it be deleted; nobody else, nothing else (XC-AR-1)."""

import io
import re
import zipfile
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from service.persistence.tables import cases, instances
from service.persistence.tables import retention as tables
from service.usecases import process_instances, retention
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from service.usecases.transaction import SYSTEM
from service.web.places import histories
from tests.fakes import NOW, FakeClock
from tests.web.conftest import COMPLAINT, WANG, SignedIn


def over(year: int) -> datetime:
    """Return the moment of the tests so many years later."""
    return NOW.replace(year=NOW.year + year)


@pytest.fixture
def frozen(office: House, complaint: StartedWithForm, clock: FakeClock) -> StartedWithForm:
    """Return a complaint that ended three years ago and is frozen."""
    process_instances.cancel(office, SYSTEM, complaint.key)
    clock.at = over(3)
    assert retention.run(office) == (1, 0)
    return complaint


def states(office: House) -> list[str]:
    """Return the states of the retained histories, oldest first."""
    table = tables.retained_histories
    with office.database.reading() as connection:
        return [row.state for row in connection.execute(table.select().order_by(table.c.key))]


def test_managers_and_auditors_alone_open_the_page(
    signed_in: SignedIn, frozen: StartedWithForm
) -> None:
    """An auditor reads, and has the page in his navigation; only the manager can confirm."""
    assert signed_in("wang").get("/histories").status_code == 403
    assert signed_in("operator").get("/histories").status_code == 403
    read = signed_in("auditor").get("/histories").text
    assert (str(frozen.case_no) in read, 'name="agreed"' in read) == (True, False)
    assert 'href="/histories"' in signed_in("auditor").get("/", follow_redirects=True).text
    assert 'href="/histories"' not in signed_in("wang").get("/", follow_redirects=True).text
    form = {"history": str(frozen.key), "agreed": "1"}
    assert signed_in("auditor").post("/histories", data=form).status_code == 403
    assert 'name="agreed"' in signed_in("admin").get("/histories").text


def test_the_list_says_what_is_over_until_when_and_what_goes(
    signed_in: SignedIn, frozen: StartedWithForm
) -> None:
    """Case number, the day it is kept until, and how much of each kind is deleted."""
    text = signed_in("admin").get("/histories").text
    assert str(frozen.case_no) in text
    assert over(3).strftime("%Y-%m-%d") in text
    assert re.search(r"流程实例 1、任务 1、表单 1、规则判定 1、流转记录 \d+、其他记录 \d+", text)


def test_what_is_confirmed_is_deleted_by_the_next_run_and_leaves_its_record(
    signed_in: SignedIn, office: House, frozen: StartedWithForm
) -> None:
    """It moves from page to page, who confirmed is written down, and its file stays."""
    admin = signed_in("admin")
    form = {"history": str(frozen.key), "agreed": "1"}
    told = admin.post("/histories", data=form, follow_redirects=True).text
    assert ("已确认删除 1 份档案" in told, "没有待确认的到期档案" in told) == (True, True)
    waiting = admin.get("/histories?state=CONFIRMED").text
    assert (str(frozen.case_no) in waiting, "系统管理员" in waiting) == (True, True)

    assert retention.run(office) == (0, 1)
    gone = admin.get("/histories?state=DELETED").text
    assert (str(frozen.case_no) in gone, "已删除的内容" in gone) == (True, True)
    content = admin.get(f"/histories/{frozen.key}/file").data
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    with office.database.reading() as connection:
        kinds = connection.execute(cases.events.select().order_by(cases.events.c.key)).all()
        left = connection.execute(instances.process_instances.select()).all()
    told_of = [(row.kind, row.who, row.rule_refs) for row in kinds if "history." in row.kind]
    assert told_of == [
        ("history.frozen", "system", ["XC-AR-1"]),
        ("history.deletion_confirmed", "admin", ["XC-AR-1"]),
        ("history.deleted", "system", ["XC-AR-1"]),
    ]
    assert left == []


def test_nothing_is_confirmed_unseen(
    signed_in: SignedIn, office: House, frozen: StartedWithForm
) -> None:
    """Not without a choice, not without saying that it was looked over, not twice, not what is not there."""
    admin = signed_in("admin")
    key = str(frozen.key)
    unseen = admin.post("/histories", data={"history": key})
    assert (unseen.status_code, "我已核对所选档案" in unseen.text) == (400, True)
    nothing = admin.post("/histories", data={"agreed": "1"})
    assert (nothing.status_code, "请先选择要删除的档案" in nothing.text) == (400, True)
    both = {"history": [key, "5"], "agreed": "1"}
    assert 'data-toast="danger"' in admin.post("/histories", data=both, follow_redirects=True).text
    assert states(office) == ["FROZEN"]
    form = {"history": key, "agreed": "1"}
    admin.post("/histories", data=form)
    again = admin.post("/histories", data=form, follow_redirects=True).text
    assert 'data-toast="danger"' in again
    assert states(office) == ["CONFIRMED"]


def test_a_page_of_many_is_confirmed_at_once(
    signed_in: SignedIn,
    office: House,
    frozen: StartedWithForm,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of the page that was looked at, and none of the next one."""
    clock.at = NOW
    second = process_instances.start_with_form(office, WANG, "small_complaint", COMPLAINT)
    process_instances.cancel(office, SYSTEM, second.key)
    clock.at = over(3)
    retention.run(office)
    monkeypatch.setattr(histories, "PAGE_SIZE", 1)
    admin: FlaskClient = signed_in("admin")
    first = admin.get("/histories").text
    follow = re.search(r'href="(/histories\?[^"]*cursor=[^"]*)"', first)
    assert follow is not None
    assert str(second.case_no) in admin.get(follow[1].replace("&amp;", "&")).text
    shown = re.findall(r'name="shown" value="(\d+)"', first)
    admin.post("/histories", data={"shown": shown, "all": "1", "agreed": "1"})
    assert states(office) == ["CONFIRMED", "FROZEN"]


def test_an_unknown_state_is_refused_and_empty_pages_say_so(signed_in: SignedIn) -> None:
    """Each state has a sentence of its own."""
    admin = signed_in("admin")
    assert admin.get("/histories?state=LOST").status_code == 400
    told = [admin.get(f"/histories?state={one}").text for one in ("FROZEN", "CONFIRMED", "DELETED")]
    expected = ("没有待确认的到期档案", "没有等待删除的档案", "还没有删除过档案")
    assert [text in page for text, page in zip(expected, told, strict=True)] == [True] * 3
