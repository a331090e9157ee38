"""The running house, a Chromium, and people who sit down in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

from tests.browser.desk import Desk, sign_in
from tests.browser.running_house import RunningHouse
from tests.browser.watch import Watch

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TIMEOUT_MS = 20_000
"""How long anything may take on a busy machine; nobody waits so long for what is there."""

WIDE = (1440, 900)
PHONE = (390, 844)

SitDown = Callable[..., Desk]
REPORT = pytest.StashKey[pytest.TestReport]()
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests here; they share one house (`tests/spreading.py` keeps them together)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Keep how a test went, for the picture of what was on the screen when it failed."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a headless Chromium: the system's, else Playwright's own; skip without any."""
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        try:
            browser = _launch(playwright)
        except Error as error:
            reason = f"No Chromium here (tests/install_browser.sh gets one): {error.message[:200]}"
            if os.environ.get("HUIYIN_REQUIRE_BROWSER") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    without_sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=without_sandbox)


@pytest.fixture(scope="session")
def running_house(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningHouse]:
    """Return a house that runs for all tests here; it must end cleanly on Ctrl-C."""
    house = RunningHouse(tmp_path_factory.mktemp("house") / "data")
    yield house
    assert house.stop() == 0, house.console


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """Return who is signed in already: user name → state of his browser."""
    return {}


@pytest.fixture
def sit_down(
    chromium: Browser,
    running_house: RunningHouse,
    cookies: dict[str, Any],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[SitDown]:
    """Return how somebody sits down: `sit_down("wangfang")` signs him in, in a browser of his own.

    The test fails when one of the pages complains in its console, breaks its policy or answers 5xx.
    """
    watch = Watch()
    desks: list[Desk] = []

    def place(username: str, size: tuple[int, int] = WIDE, locale: str = "zh-CN") -> Desk:
        context = chromium.new_context(
            base_url=running_house.url,
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=cookies.get(username),
        )
        context.set_default_timeout(TIMEOUT_MS)
        context.on("page", watch.look_at)
        desk = Desk(context, username)
        desks.append(desk)
        if username and username not in cookies:
            sign_in(context, username)
            cookies[username] = context.storage_state()
        return desk

    yield place
    _keep_pictures(desks, request, tmp_path)
    for desk in desks:
        desk.context.close()
    assert watch.seen == []


def _keep_pictures(desks: list[Desk], request: pytest.FixtureRequest, folder: Path) -> None:
    """Save what was on the screens of a failed test."""
    report = request.node.stash.get(REPORT, None)
    if report is None or not report.failed:
        return
    for number, desk in enumerate(desks):
        desk.page.screenshot(path=folder / f"{number}-{desk.username}.png")
    print(f"Pictures of the screens are in {folder}.")
