"""Every page, on a desk and on a phone: it fits, it speaks the reader's language, it says what went wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, SitDown
from tests.browser.desk import Desk, type_name_and_password
from tests.browser.running_house import RunningHouse

STAFF_PAGES = (
    "/tasks",
    "/tasks?tab=claimable",
    "/tasks?tab=done",
    "/tasks?tab=cc",
    "/start",
    "/start/customer_feedback",
    "/cases",
    "/processes",
    "/decisions",
    "/forms",
    "/notifications",
    "/me",
)
ADMIN_PAGES = (
    "/administration",
    "/administration/calendar",
    "/administration/people",
    "/administration/people/new",
    "/administration/people/wangfang",
    "/administration/groups",
    "/histories",
    "/mails",
)
FIRST_ROWS = ("/cases", "/processes", "/decisions", "/forms", "/mails")
"""Lists whose first row leads to a page of its own."""

CHROME = (
    ".hy-rail, .hy-bottom-nav, .hy-list-title, .hy-segments, .hy-chips, .hy-list-foot, .hy-empty,"
    " .hy-page-head > h1, .hy-page-head > p, .hy-page-actions, .hy-tabs, thead, .hy-filters label"
)
"""What belongs to the pages themselves; titles, names and forms are data and stay as they are."""

ISLANDS_ARE_DRAWN = """() => [...document.querySelectorAll('[data-island]')].every(
    (island) => island.children.length > 1 || !island.checkVisibility())"""
"""An island's own data is its first child."""

CHINESE = re.compile(r"[一-鿿]")
SIMPLIFIED = re.compile(
    "[务发领办订关态时间项单组员录页请选择显问题户号处标进这经过还个们为对会开与]"
)


def fits(page: Page) -> bool:
    """Return whether nothing sticks out of the window sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def shows_all_tabs(page: Page) -> bool:
    """Return whether no tab is cut off or has to be scrolled to."""
    return bool(
        page.evaluate(
            """() => [...document.querySelectorAll('.hy-tabs')].every(
                (tabs) => tabs.scrollWidth <= tabs.clientWidth)"""
        )
    )


def chrome(page: Page) -> str:
    """Return the texts of the page itself, without people's initials and names."""
    texts: str = page.evaluate(
        """(places) => [...document.querySelectorAll(places)].map((place) => {
            const copy = place.cloneNode(true);
            copy.querySelectorAll('.hy-avatar, .dropdown-menu').forEach((part) => part.remove());
            return copy.textContent;
        }).join(' ')""",
        CHROME,
    )
    return texts


def visit(desk: Desk, address: str) -> None:
    """Open a page and hold it to what every page promises."""
    page = desk.page
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    expect(page.locator("main h1").first).to_be_visible()
    page.wait_for_function(ISLANDS_ARE_DRAWN)
    assert page.locator(".hy-notice.is-danger").count() == 0, address
    for size in (WIDE, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert fits(page), f"{address} is wider than {size[0]}"
        assert shows_all_tabs(page), f"{address} hides a tab on {size[0]}"
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("username", "addresses"), [("wangfang", STAFF_PAGES), ("admin", STAFF_PAGES + ADMIN_PAGES)]
)
def test_every_page_fits_on_a_desk_and_on_a_phone(
    sit_down: SitDown, username: str, addresses: tuple[str, ...]
) -> None:
    """Each page answers, shows its title and all its tabs, and never scrolls sideways."""
    desk = sit_down(username)
    for address in addresses:
        if username == "admin" and address == "/start/customer_feedback":
            continue
        visit(desk, address)
        if address in FIRST_ROWS:
            row = desk.page.locator("tbody a").first
            if row.count():
                visit(desk, row.get_attribute("href") or "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "language", "foreign"),
    [("en-GB", "en", CHINESE), ("zh-TW", "zh-Hant-TW", SIMPLIFIED)],
)
def test_pages_speak_the_language_of_the_browser(
    sit_down: SitDown, locale: str, language: str, foreign: re.Pattern[str]
) -> None:
    """Navigation, titles, tabs, filters and empty lists are translated, for staff and administrators."""
    desk = sit_down("admin", locale=locale)
    for address in (*STAFF_PAGES, *ADMIN_PAGES):
        if address == "/start/customer_feedback":
            continue
        desk.page.goto(address)
        expect(desk.page.locator("html")).to_have_attribute("lang", language)
        assert foreign.findall(chrome(desk.page)) == [], address


def test_name_and_password_sign_somebody_in(sit_down: SitDown) -> None:
    """Typed on the page that a stranger is led to, they lead on to where he wanted to go."""
    page = sit_down("").page
    page.goto("/cases")
    type_name_and_password(page, "wangfang")
    expect(page).to_have_url(re.compile("/cases$"))
    expect(page.locator("main h1")).to_be_visible()


def test_the_sign_in_page_offers_the_demo_people_and_refuses_a_wrong_password(
    sit_down: SitDown,
) -> None:
    """A wrong password is told in a sentence, the name stays; one click signs a demo person in."""
    page = sit_down("").page
    page.goto("/cases")
    assert fits(page)
    page.get_by_label("用户名").fill("wangfang")
    page.get_by_label("密码").fill("wrong")
    page.locator("#sign-in").get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不正确")
    expect(page.get_by_label("用户名")).to_have_value("wangfang")

    page.get_by_role("button", name=re.compile("wangfang")).click()
    expect(page).to_have_url(re.compile("/cases$"))


@pytest.mark.parametrize(
    ("address", "status"),
    [("/tasks/1", 404), ("/cases/nothing", 404), ("/nowhere", 404), ("/administration", 403)],
)
def test_an_error_page_says_what_is_wrong_and_gives_an_id(
    sit_down: SitDown, running_house: RunningHouse, address: str, status: int
) -> None:
    """The reader gets a sentence in his language and a number that is in the log."""
    page = sit_down("wangfang").page
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status
    assert fits(page)
    expect(page.locator("main")).to_have_text(CHINESE)
    assert page.locator("main code").inner_text() in running_house.console


def test_a_page_is_printed_to_its_end(sit_down: SitDown) -> None:
    """On paper there is no navigation, and what lies below the edge of the screen is there."""
    page = sit_down("admin").page
    page.goto("/administration")
    rows = page.locator("tbody tr")

    page.emulate_media(media="print")

    assert rows.last.bounding_box()["y"] > WIDE[1]
    assert page.evaluate("document.documentElement.scrollHeight") > WIDE[1]
    expect(page.locator(".hy-rail")).to_be_hidden()
    expect(page.locator("tbody button").first).to_be_hidden()
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.scrollHeight") <= WIDE[1]
