"""Definitions for everybody; parameters, calendar, people and letters."""

import pytest
from flask import Flask
from sqlalchemy import select

from service.identity import Person
from service.persistence.tables import definitions as tables_of
from service.usecases import parameters, roles
from service.usecases.deployments import deploy
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from service.usecases.resource_deletion import delete_resource
from tests.rows import add_person
from tests.usecases import drawing
from tests.web.conftest import OWNER, SignedIn

HOURS = {"key": "FB_DEFINE_HOURS", "value": 4, "unit": "小时", "label": "界定时限"}
SEVERE = {"key": "FB_STRICT", "value": True, "unit": "是/否", "label": "从严处理"}
DAYS = {"key": "FB_DAYS", "value": [3, 5], "unit": "工作日", "label": "提醒"}


@pytest.fixture
def shipped(office: House) -> House:
    """Return the house with three parameters."""
    parameters.load_shipped(office, [HOURS, DAYS, SEVERE])
    return office


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [("FB_DEFINE_HOURS", "6", "6"), ("FB_DEFINE_HOURS", "2.5", "2.5"), ("FB_DAYS", "2，4", "2, 4")],
)
def test_a_parameter_is_changed_in_the_browser(
    signed_in: SignedIn, shipped: House, key: str, typed: str, shown: str
) -> None:
    """The new value shows at once, with who changed it."""
    client = signed_in("admin")

    url = f"/administration/parameters/{key}"
    page = client.post(url, data={"value": typed}, follow_redirects=True).text

    assert f'name="value" value="{shown}"' in page
    assert "系统管理员 · " in page


def test_yes_or_no_is_chosen(signed_in: SignedIn, shipped: House) -> None:
    """A truth is a choice of two words without a unit, and what was chosen is kept."""
    client = signed_in("admin")

    before = client.get("/administration").text
    after = client.post(
        "/administration/parameters/FB_STRICT", data={"value": "否"}, follow_redirects=True
    ).text

    assert "<option selected>是</option><option>否</option>" in before
    assert "<option>是</option><option selected>否</option>" in after
    assert "是/否" not in before


@pytest.mark.parametrize("typed", ["", "six", "-1"])
def test_a_parameter_of_the_wrong_kind_is_refused(
    signed_in: SignedIn, shipped: House, typed: str
) -> None:
    """400, and the old value counts on."""
    client = signed_in("admin")

    answer = client.post("/administration/parameters/FB_DEFINE_HOURS", data={"value": typed})

    assert answer.status_code == 400
    assert 'name="value" value="4"' in client.get("/administration").text


def test_a_day_is_made_free_and_given_back(signed_in: SignedIn) -> None:
    """A change of the calendar is listed, and goes away when it is taken back."""
    client = signed_in("admin")
    day = {"day": "2026-12-31", "name": "盘点"}

    free = client.post(
        "/administration/calendar", data={**day, "is_working": "0"}, follow_redirects=True
    )
    back = client.post(
        "/administration/calendar", data={**day, "is_working": ""}, follow_redirects=True
    )

    assert "盘点" in free.text
    assert "盘点" not in back.text


def test_a_person_is_added_and_changed(signed_in: SignedIn) -> None:
    """A new account has its groups and roles; its name can be mended."""
    client = signed_in("admin")
    facts = {"name": "新人", "role": ["staff"], "group": ["cs"], "department": "cs"}
    new = {"username": "xin", "password": "a long password", **facts}

    short = client.post("/administration/people/new", data={**new, "password": "short"})
    chinese = client.post("/administration/people/new", data={**new, "username": "新人"})
    client.post("/administration/people/new", data=new)
    again = client.post("/administration/people/new", data=new)
    page = client.post(
        "/administration/people/xin",
        data={**facts, "name": "新名", "is_active": "1"},
        follow_redirects=True,
    ).text

    assert short.status_code == 400
    assert "密码至少 10 位" in short.text
    assert chinese.status_code == 400
    assert "用户名只能由字母、数字和 _ ~ @ . + - 组成" in chinese.text
    assert again.status_code == 400
    assert "用户名 xin 已被使用" in again.text
    assert 'value="新名"' in page


def test_a_token_is_shown_once(signed_in: SignedIn) -> None:
    """The answer that made it shows it; later only its label is there, until it is revoked."""
    client = signed_in("admin")

    made = client.post("/administration/people/wang/tokens", data={"label": "报表"}).text
    later = client.get("/administration/people/wang").text

    assert "hy_" in made
    assert "报表" in later
    assert 'data-copy="hy_' not in later


def test_definitions_are_open_to_all_staff(signed_in: SignedIn, complaint: StartedWithForm) -> None:
    """Diagram, table and form of each version can be looked at, and their files are XML or JSON."""
    client = signed_in("liu")
    for path, island in (("/processes", "diagram"), ("/decisions", "decision"), ("/forms", "form")):
        link = client.get(path).text.split("<tbody>")[1].split('href="')[1].split('"')[0]
        page = client.get(link).text
        assert f'data-island="{island}"' in page
        source = page.split("download=1")[0].rsplit('href="', 1)[1]
        assert client.get(source).status_code == 200


def test_a_form_is_called_as_the_step_where_it_is_filled_in(signed_in: SignedIn) -> None:
    """A form file has no name; the list and its page tell the step, the page also the process."""
    client = signed_in("liu")
    row = client.get("/forms").text.split("<code>small_check</code>")[0].rsplit("<tr>", 1)[1]
    assert ">核对投诉</a>" in row

    page = client.get(row.split('href="')[1].split('"')[0]).text
    assert ">核对投诉</h1>" in page
    used_at = page.split("使用位置")[1].split("</section>")[0]
    assert "<span>核对投诉</span>" in used_at
    assert "/processes/" in used_at


def test_a_table_tells_where_it_is_asked(signed_in: SignedIn) -> None:
    """Whoever is to change a decision sees which step of which process it concerns."""
    client = signed_in("liu")
    link = client.get("/decisions").text.split("<tbody>")[1].split('href="')[1].split('"')[0]
    assert "<span>定级</span>" in client.get(link).text.split("使用位置")[1].split("</section>")[0]


def test_a_deleted_version_can_still_be_looked_at(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """Cases were decided by it and instances ran on it: their pages lead to it."""
    client = signed_in("wang")
    owner = Person("owner", "owner", roles=frozenset({"process_owner"}))
    tables = (tables_of.process_definitions, tables_of.decision_definitions, tables_of.forms)
    with office.database.reading() as connection:
        keys = [connection.execute(select(table.c.key)).scalars().first() for table in tables]
        drd = connection.execute(select(tables_of.decision_requirements.c.key)).scalars().first()
    for key in (keys[0], drd, keys[2]):
        delete_resource(office, owner, key)

    for place, key in zip(("processes", "decisions", "forms"), keys, strict=True):
        assert client.get(f"/{place}/{key}").status_code == 200, place


def test_a_definition_that_is_not_there_is_404(signed_in: SignedIn) -> None:
    """No key leads to a failure."""
    client = signed_in("wang")
    for path in (
        "/processes/1",
        "/processes/1/xml",
        "/decisions/1",
        "/decisions/1/xml",
        "/forms/1",
    ):
        assert client.get(path).status_code == 404


def test_a_decision_names_the_groups_in_its_lists(signed_in: SignedIn) -> None:
    """The table is given what keys of groups stand for."""
    client = signed_in("liu")
    link = client.get("/decisions").text.split("<tbody>")[1].split('href="')[1].split('"')[0]

    assert '"quality": "\\u8d28\\u91cf\\u90e8"' in client.get(link).text


def test_the_analysis_of_a_table_is_shown_to_those_who_may_change_it(signed_in: SignedIn) -> None:
    """Process owners and administrators read what is missing or idle; others see the table alone."""
    link = (
        signed_in("liu").get("/decisions").text.split("<tbody>")[1].split('href="')[1].split('"')[0]
    )

    for username in ("owner", "admin"):
        assert "没有发现遗漏、冲突或不起作用的规则" in signed_in(username).get(link).text
    assert "规则检查" not in signed_in("liu").get(link).text


def test_what_a_process_uses_and_is_not_deployed_is_told_to_its_owner(
    signed_in: SignedIn, office: House
) -> None:
    """Process owners and operators read it until it is deployed; others see the diagram alone."""
    caller = drawing.line("caller", drawing.call("ask", "other"))
    (process,) = deploy(office, OWNER, [caller]).processes
    link = f"/processes/{process.key}"
    said = "«ask» 用到的流程 «other» 还没有部署，流程走到这里会停下并报异常。"
    assert said in signed_in("owner").get(link).text
    assert "尚未部署" not in signed_in("liu").get(link).text

    deploy(office, OWNER, [drawing.line("other")])
    assert "尚未部署" not in signed_in("owner").get(link).text


def test_a_process_whose_start_form_is_not_there_says_so(
    signed_in: SignedIn, office: House
) -> None:
    """Staff read why they cannot start it and whom to ask, not that the page is missing."""
    form = drawing.extension('<zeebe:formDefinition formId="later" />')
    start = f'<bpmn:startEvent id="start">{form}</bpmn:startEvent>'
    deploy(office, OWNER, [drawing.line("waiting", drawing.user_task("ask"), start=start)])
    answer = signed_in("owner").get("/start/waiting")

    assert answer.status_code == 409
    assert "“waiting”的发起表单尚未部署，暂时不能发起，请联系流程负责人。" in answer.text


def test_browsers_that_ask_for_an_icon_by_its_old_name_get_it(pages: Flask) -> None:
    """Nobody has to be signed in for the sign of the house."""
    answer = pages.test_client().get("/favicon.ico")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_a_group_from_made_to_deleted(signed_in: SignedIn, office: House) -> None:
    """Made, renamed with another name for the papers, shown with its members, gone."""
    client = signed_in("admin")
    form = {"key": "desk", "name": "前台", "other_names": "接待、大厅", "is_department": "1"}
    made = client.post("/administration/groups/new", data=form, follow_redirects=True).text
    assert "组已新增" in made
    assert "还没有成员。" in made

    listed = client.get("/administration/groups").text
    assert "接待、大厅" in listed
    form = {"name": "总台", "other_names": ""}
    saved = client.post("/administration/groups/desk", data=form, follow_redirects=True).text
    assert 'value="总台"' in saved
    gone = client.post("/administration/groups/desk/deletion", follow_redirects=True).text
    assert "组已删除" in gone
    assert client.get("/administration/groups/desk").status_code == 404


@pytest.mark.parametrize("name", ["", "质量部"])
def test_a_group_needs_a_name_of_its_own(signed_in: SignedIn, office: House, name: str) -> None:
    """No name, and the name of another group, are refused with the reason."""
    client = signed_in("admin")
    answer = client.post("/administration/groups/new", data={"key": "desk", "name": name})
    assert answer.status_code == 400
    assert "请填写名称" in answer.text


def test_saving_a_person_keeps_the_roles_of_the_house_that_are_ticked(
    signed_in: SignedIn, office: House
) -> None:
    """A role of the house's own is offered beside the built-in ones."""
    admin = Person("admin", "系统管理员", roles=frozenset({"admin"}))
    roles.create(office, admin, "desk", "前台接待", None)
    client = signed_in("admin")

    page = client.get("/administration/people/wang").text
    assert "前台接待" in page
    form = {"name": "王芳", "role": ["staff", "desk"], "is_active": "1"}
    saved = client.post("/administration/people/wang", data=form, follow_redirects=True).text

    assert 'name="role" value="desk" checked' in saved


def test_a_user_name_that_programs_cannot_read_is_told_of(
    signed_in: SignedIn, office: House
) -> None:
    """Such accounts are from before it was refused; what can be done stands there."""
    admin = signed_in("admin")
    with office.database.engine.begin() as connection:
        add_person(connection, "李雷")

    assert "其他程序无法读取此用户名" in admin.get("/administration/people/李雷").text
    assert "其他程序无法读取此用户名" not in admin.get("/administration/people/admin").text
