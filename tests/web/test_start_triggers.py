"""等待凑齐的启动: operators see what has come and what is missing, and drop it."""

from datetime import timedelta

import pytest

from service.usecases import messages
from service.usecases.deployments import deploy
from service.usecases.execution.messages import PublishMessage
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from service.web.places import start_triggers
from tests.usecases.test_parallel_starts import ORDERED, PAID, gathering
from tests.web.conftest import OWNER, SignedIn


@pytest.fixture
def waiting(office: House) -> House:
    """Return a house where two orders wait for their payment."""
    deploy(office, OWNER, [gathering(ORDERED, PAID)])
    for key in ("A-1", "B-2"):
        given = {"item": "台灯"}
        command = PublishMessage("ordered", key, given, timedelta(hours=1), None)
        messages.publish(office, SYSTEM, command)
    return office


def test_operators_see_what_has_come_and_what_is_missing(
    signed_in: SignedIn, waiting: House
) -> None:
    """The number leads there; contents are not shown, only the names of the variables."""
    operator = signed_in("operator")
    assert "等待凑齐的启动 2" in operator.get("/processes").text
    text = operator.get("/start-triggers").text
    assert [word in text for word in ("消息 ordered", "消息 paid", "A-1", "item")] == [True] * 4
    assert "台灯" not in text
    assert signed_in("wang").get("/start-triggers").status_code == 403
    assert "等待凑齐的启动" not in signed_in("wang").get("/processes").text


def test_the_chosen_ones_are_dropped(
    signed_in: SignedIn, waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other stays; dropped twice, or nothing chosen, is told; the empty page says so."""
    # Fifty triggers would only take longer.
    monkeypatch.setattr(start_triggers, "PAGE_SIZE", 1)
    operator = signed_in("operator")
    assert operator.post("/start-triggers", data={}).status_code == 400
    first = operator.get("/start-triggers").text
    key = first.split('name="trigger" value="')[1].split('"')[0]
    assert ("A-1" in first, "B-2" in first) == (True, False)
    assert "B-2" in operator.get(f"/start-triggers?after={key}").text
    left = operator.post("/start-triggers", data={"trigger": key}, follow_redirects=True).text
    assert ("已丢弃 1 个触发" in left, "A-1" in left, "B-2" in left) == (True, False, True)
    again = operator.post("/start-triggers", data={"trigger": key}, follow_redirects=True).text
    assert '<div data-toast="danger">所选触发中有的已不再等待，未丢弃任何一个' in again
    other = again.split('name="trigger" value="')[1].split('"')[0]
    empty = operator.post("/start-triggers", data={"trigger": other}, follow_redirects=True).text
    assert "没有等待凑齐的启动" in empty
