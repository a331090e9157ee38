"""A person at a browser: signs in, finds tasks, takes them, fills in papers and hands them in."""

import re
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.paper import Paper, Values

REFUSALS = ".hy-form-top .hy-notice, .fjs-form-field-error"
TAKEN_OR_REFUSED = (
    "([before, refusals]) => location.href !== before || document.querySelector(refusals)"
)

LOOKS, LOOK_AGAIN_MS = 60, 500
"""How often and how soon a list is loaded anew until a task is there."""

LOOK_AT_ANSWER_MS = 50
"""How often the page is asked what became of a paper; by default that is at each frame it draws."""

PASSWORD = "huiyin-demo"
CSRF_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
Tab = Literal["mine", "claimable", "done", "cc"]


def sign_in(context: BrowserContext, username: str) -> None:
    """Sign in by the request that the form of the sign-in page sends; no page is drawn."""
    page = context.request.get("/sign-in")
    token = CSRF_TOKEN.search(page.text())
    assert token, page.text()
    form = {"username": username, "password": PASSWORD, "csrf_token": token[1]}
    answer = context.request.post("/sign-in", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def type_name_and_password(page: Page, username: str) -> None:
    """Sign in on the page that is open, in whatever language it is."""
    page.locator("#sign-in [name=username]").fill(username)
    page.locator("#sign-in [name=password]").fill(PASSWORD)
    page.locator("#sign-in").get_by_role("button").click()


class Desk:
    """The browser of one signed-in person, with one page open."""

    def __init__(self, context: BrowserContext, username: str) -> None:
        """Open a page."""
        self.username = username
        self.context = context
        self.page = context.new_page()
        self.paper = Paper(self.page)

    def start(self, process: str, values: Values) -> None:
        """Start a process from 发起; its first task, or its case, is open afterwards."""
        self.page.goto("/start")
        self.page.get_by_role("link", name=process).click()
        self.hand_in(values)

    def take(self, task: str, search: str) -> None:
        """Find a task of one's groups by a text and take it."""
        self.find(task, search, "claimable")
        self.claim()

    def claim(self) -> None:
        """Take the task that is open."""
        self.page.locator("[data-key-claim]").click()
        expect(self.page.locator(".hy-action-bar [data-form-submit]")).to_be_visible()

    def find(self, task: str, search: str, tab: Tab = "mine") -> None:
        """Open a task from a tab of the inbox; look again while a worker still has to bring it."""
        for _look in range(LOOKS):
            self.page.goto(f"/tasks?tab={tab}&q={quote(search)}")
            if self.row(task).count():
                break
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
        self.row(task).first.click()
        expect(self.page.locator(".hy-crumb")).to_contain_text(task)

    def row(self, task: str) -> Locator:
        """Return the rows of the inbox that stand for a task."""
        return self.page.locator(".hy-tasks a").filter(has_text=f"· {task}")

    def hand_in(self, values: Values) -> None:
        """Fill in the paper that is open, hand it in and wait for what comes next."""
        self.paper.fill(values)
        self.submit()

    def submit(self) -> None:
        """Hand in the paper that is open and wait for what comes next."""
        before = self.page.url
        self.page.locator(".hy-action-bar [data-form-submit]").click()
        self.page.wait_for_function(
            TAKEN_OR_REFUSED, arg=[before, REFUSALS], polling=LOOK_AT_ANSWER_MS
        )
        if self.page.url == before:
            told = self.page.locator(REFUSALS).all_inner_texts()
            raise AssertionError(f"The paper was refused: {told}")
        self.page.wait_for_load_state("domcontentloaded")

    def do(self, task: str, search: str, values: Values) -> None:
        """Find a task, take it, fill it in and hand it in."""
        self.take(task, search)
        self.hand_in(values)

    def do_next(self, task: str, values: Values) -> None:
        """Take the task that opened by itself after the last one, fill it in and hand it in."""
        expect(self.page.locator(".hy-crumb")).to_contain_text(task)
        if self.page.locator("[data-key-claim]").count():
            self.claim()
        self.hand_in(values)

    @property
    def case_no(self) -> str:
        """The number of the case whose task or page is open."""
        return self.page.locator(".hy-crumb .hy-mono").inner_text()
