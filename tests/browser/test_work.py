"""What must not go wrong at a task: keys, drafts, double clicks, two people at once, wrong files."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser import complaint
from tests.browser.conftest import SitDown
from tests.browser.desk import Desk
from tests.browser.moments import YESTERDAY

DESCRIPTION = "产品/服务质量问题的描述"
FIRST_TASK = "客户反馈信息接收"
BUNDLE = re.compile(r"/static/dist/(\w+)-\w+\.js$")


def begin(desk: Desk, batch: str) -> str:
    """Start a complaint by the request a filled form sends; return the address of its first task."""
    desk.page.goto("/start/customer_feedback")
    token = desk.page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    values = {
        "customer_name": "育才小学",
        "contact_person": "钱进",
        "contact_phone": "13900139000",
        "channel": "TEL",
        "problem_type": complaint.PROBLEM,
        "batch_no": batch,
        "problem_desc": "笔记本开胶",
    }
    answer = desk.page.request.post(
        "/start/customer_feedback/submit",
        data={"variables": values, "draft_version": None},
        headers={"X-CSRFToken": token},
    )
    assert answer.ok, answer.text()
    return str(answer.json()["next"])


def open_claimed(desk: Desk, batch: str) -> str:
    """Start a complaint, take its first task and return its address."""
    address = begin(desk, batch)
    desk.page.goto(address)
    desk.claim()
    return address


def scripts(page: Page) -> set[str]:
    """Return the set in which the names of the page's bundles are collected from now on."""
    names: set[str] = set()

    def note(request: Request) -> None:
        found = BUNDLE.search(request.url)
        if found:
            names.add(found[1])

    page.on("request", note)
    return names


def posts(page: Page, ending: str) -> list[Request]:
    """Return the list in which the page's POSTs to an address are collected from now on."""
    sent: list[Request] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request)
            if request.method == "POST" and request.url.endswith(ending)
            else None
        ),
    )
    return sent


@pytest.fixture
def service(sit_down: SitDown) -> Desk:
    """Return customer service."""
    return sit_down("wangfang")


def test_the_inbox_works_with_the_keyboard_alone(service: Desk) -> None:
    """J and K move, Enter opens beside the list and goes there, C takes the task, / searches."""
    for number in (1, 2):
        begin(service, f"KEYS-{number}")
    page = service.page
    page.goto("/tasks?tab=claimable&q=KEYS-")
    rows = page.locator(".hy-tasks > li")
    expect(rows).to_have_count(2)

    page.keyboard.press("j")
    expect(rows.nth(0)).to_have_class(re.compile("is-selected"))
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile("is-selected"))
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#task-title")).to_contain_text("KEYS-")
    expect(rows).to_have_count(2)
    expect(page.locator("#detail")).to_be_focused()

    page.keyboard.press("c")
    expect(page.locator(".hy-assignee")).to_contain_text("由我办理")
    expect(page.locator("#detail")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("搜索任务")).to_be_focused()


def test_a_page_loads_the_programs_of_what_it_shows(service: Desk) -> None:
    """A list loads none; an opened task that of forms, a tab with the diagram that of diagrams."""
    begin(service, "LOAD-1")
    page, loaded = service.page, scripts(service.page)
    page.goto("/tasks?tab=claimable&q=LOAD-1")
    service.row(FIRST_TASK).wait_for()
    assert loaded <= {"app"}

    service.row(FIRST_TASK).click()
    expect(service.paper.field(DESCRIPTION)).to_be_visible()
    assert loaded == {"app", "form"}

    page.get_by_role("tab", name="流程图").click()
    expect(page.locator("#tab-diagram .djs-element").first).to_be_visible()
    assert loaded == {"app", "form", "monitor"}


def test_a_program_that_cannot_be_loaded_is_told_and_asked_for_again(service: Desk) -> None:
    """Without the network the reader is told to load the page anew; the next task tries again."""
    for number in (1, 2):
        begin(service, f"ABSENT-{number}")
    page = service.page
    page.goto("/tasks?tab=claimable&q=ABSENT-")
    rows = service.row(FIRST_TASK)
    forms = re.compile(r"/static/dist/form-\w+\.css$")
    page.route(forms, lambda route: route.fulfill(status=404))
    rows.nth(0).click()
    expect(page.locator("#task-form")).to_contain_text("请刷新页面")

    page.unroute(forms)
    rows.nth(1).click()
    expect(service.paper.field(DESCRIPTION)).to_be_visible()


def test_a_form_can_be_handed_in_once_it_is_drawn(service: Desk) -> None:
    """Before its program has come, a press on 提交 would be lost without a word."""
    page, held = service.page, list[Route]()
    forms = re.compile(r"/static/dist/form-\w+\.js$")
    page.route(forms, lambda route: held.append(route))
    with page.expect_request(forms):
        page.goto("/start/customer_feedback", wait_until="commit")
    expect(page.locator("[data-form-submit]")).to_be_disabled()

    for route in held:
        route.continue_()
    expect(page.locator("[data-form-submit]")).to_be_enabled()


def test_a_draft_survives_closing_the_page(service: Desk) -> None:
    """What was typed is on the server a moment later, and there again when the task is opened."""
    address = open_claimed(service, "DRAFT-1")
    service.paper.fill({DESCRIPTION: "写了一半的描述，还没有提交。"})
    expect(service.page.locator("[data-draft-status]")).to_contain_text("草稿")
    with service.page.expect_response(lambda answer: answer.url.endswith("/draft")):
        service.page.keyboard.type("后面补充。")

    service.page.goto("/tasks")
    service.page.goto(address)
    service.paper.expect_value(DESCRIPTION, "写了一半的描述，还没有提交。后面补充。")


def test_a_double_click_hands_in_once(service: Desk) -> None:
    """The second click meets a locked button: one complaint, not two."""
    page = service.page
    page.goto("/start/customer_feedback")
    service.paper.fill(
        {
            "顾客名称": "双击文具店",
            "联系人": "孙丽",
            "联系电话": "13700137000",
            "反馈渠道": "电话/热线",
            "问题类别": "颜色",
            "批次号": "DOUBLE-1",
            "问题简述": "封面颜色与样品不一致",
        }
    )
    sent = posts(page, "/start/customer_feedback/submit")
    page.locator("[data-form-submit]").dblclick()
    expect(page).to_have_url(re.compile(r"/tasks/\d+"))

    assert len(sent) == 1
    page.goto("/cases?q=双击文具店")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_going_back_to_a_finished_task_shows_that_it_is_finished(sit_down: SitDown) -> None:
    """The back button loads the page anew: no second submission from an old one."""
    sales = sit_down("zhangwei")
    sales.page.goto(begin(sales, "BACK-1"))
    complaint.receive(sales, boxes=1)
    sales.page.go_back()

    expect(sales.page.locator(".hy-notice")).to_contain_text("任务已办结")
    expect(sales.page.locator("[data-form-submit]")).to_have_count(0)


def test_the_slower_of_two_browsers_is_told_and_keeps_what_was_typed(sit_down: SitDown) -> None:
    """One submission wins; the other gets a banner that says who and when, over the untouched form."""
    first, second = sit_down("lijing"), sit_down("lijing")
    address = open_claimed(first, "TWICE-1")
    second.page.goto(address)
    complaint.fill_reception(second, boxes=3)
    complaint.fill_reception(first, boxes=2)
    first.submit()
    second.page.locator("[data-form-submit]").click()

    banner = second.page.locator(".hy-form-top .hy-notice")
    expect(banner).to_contain_text(re.compile("李静.*办理完成"))
    expect(banner.get_by_role("button")).to_be_visible()
    second.paper.expect_value("涉及箱数", "3")


def test_a_file_of_a_wrong_type_is_refused_at_its_field(service: Desk, tmp_path: Path) -> None:
    """A program is no attachment: the field says so, the rest of the form stays, nothing is sent."""
    open_claimed(service, "FILE-1")
    program = tmp_path / "发票.exe"
    program.write_bytes(b"MZ\x90\x00" + bytes(64))
    complaint.fill_reception(service, boxes=1)
    service.paper.fill({"附件": program})
    sent = posts(service.page, "/complete")
    service.page.locator("[data-form-submit]").click()

    expect(service.paper.problem("附件")).to_contain_text("发票.exe")
    service.paper.expect_value("涉及箱数", "1")
    assert sent == []


def test_a_server_refusal_stands_at_its_field(service: Desk) -> None:
    """A rule that only the server knows is told where it belongs."""
    address = open_claimed(service, "RULE-1")
    complaint.fill_reception(service, boxes=1)
    service.paper.fill({"顾客对问题解决时间的要求": YESTERDAY})
    service.page.locator("[data-form-submit]").click()

    expect(service.paper.problem("顾客对问题解决时间的要求").first).to_have_text(re.compile("时间"))
    expect(service.page).to_have_url(re.compile(re.escape(address)))
