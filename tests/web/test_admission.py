"""How many requests are worked on at once, how many wait, and what the others are told."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, request

from service import api
from service.admission import SHORT_S, Admission, install
from service.domain.errors import OverloadedError
from service.running.refused_bodies import RefusedBodies
from service.slow_bodies import SHORT_BYTES
from service.usecases.house import House
from tests.web.conftest import with_pages


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Return threads for those who wait."""
    with ThreadPoolExecutor() as pool:
        yield pool


def waiting(pool: ThreadPoolExecutor, admission: Admission) -> Future[int]:
    """Return the visit of somebody who stands in the queue now."""
    before = len(admission._queue)
    visit = pool.submit(admission.enter)
    while len(admission._queue) == before and not visit.done():
        time.sleep(0.001)
    return visit


def test_who_finds_a_place_works_at_once() -> None:
    """As many as there are places; each place that is given back is free again."""
    admission = Admission(working=2, waiting=0)
    for _ in range(3):
        visits = [admission.enter(), admission.enter()]
        for visit in visits:
            admission.leave(visit)


def test_who_finds_neither_a_place_to_work_nor_to_wait_is_refused() -> None:
    """At once, with the seconds after which he may come again."""
    admission = Admission(working=1, waiting=0)
    admission.enter()
    with pytest.raises(OverloadedError) as refused:
        admission.enter()
    assert refused.value.retry_after_s > 0


def test_who_waits_comes_in_when_somebody_leaves(pool: ThreadPoolExecutor) -> None:
    """And his place to wait is free for the next one."""
    admission = Admission(working=1, waiting=1)
    visit = admission.enter()
    for _ in range(2):
        next_one = waiting(pool, admission)
        admission.leave(visit)
        visit = next_one.result(5)


def test_who_has_waited_longest_comes_in_first(pool: ThreadPoolExecutor) -> None:
    """Also before somebody who comes the moment a place is free."""
    admission = Admission(working=1, waiting=5)
    visit = admission.enter()
    queue = [waiting(pool, admission) for _ in range(3)]
    for comes_anew in (True, True, False, False, False):
        admission.leave(visit)
        if comes_anew:
            queue.append(waiting(pool, admission))
        visit = queue.pop(0).result(5)
        assert not any(one.done() for one in queue)


def test_few_short_requests_are_worked_on_at_once(pool: ThreadPoolExecutor) -> None:
    """Though there are places: each would only take longer. Beside one that takes long the next begins."""
    admission = Admission(working=3, waiting=0, short_at_once=1)
    began = time.monotonic()
    long_one = admission.enter()
    short_one = waiting(pool, admission).result(5)
    assert time.monotonic() - began >= SHORT_S
    last = waiting(pool, admission)
    with pytest.raises(OverloadedError):
        admission.enter()
    admission.leave(short_one)
    admission.leave(last.result(5))
    admission.leave(long_one)


def test_who_has_waited_too_long_is_refused() -> None:
    """Nobody waits for the answer any more."""
    admission = Admission(working=1, waiting=1, patience_s=0.01)
    admission.enter()
    began = time.monotonic()
    with pytest.raises(OverloadedError):
        admission.enter()
    assert time.monotonic() - began < 5


@pytest.fixture
def full(house: House, assets: Path) -> Flask:
    """Return the whole application, in which there is no place left."""
    pages = with_pages(house, assets)
    admission = Admission(working=0, waiting=0)
    api.register(pages, house)
    install(pages, admission)
    # Admission stands before what pages and API ask, as the service puts it.
    asked = pages.before_request_funcs[None]
    asked.insert(0, asked.pop())
    return pages


def test_an_overloaded_api_answers_a_problem_with_retry_after(full: Flask) -> None:
    """503, before credentials are looked at."""
    answer = full.test_client().post("/v2/user-tasks/search", json={})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0


def test_an_overloaded_page_says_so_and_when_to_come_again(full: Flask) -> None:
    """503 in the reader's language, with the id that is in the log."""
    answer = full.test_client().get("/tasks", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "系统繁忙，请稍后再试" in answer.text


def test_places_are_given_back_however_a_request_ends(house: House, assets: Path) -> None:
    """An answer, a refusal, an unknown address: the next one is let in."""
    pages = with_pages(house, assets)
    install(pages, Admission(working=1, waiting=0))
    client = pages.test_client()
    statuses = [client.get(path).status_code for path in ("/tasks", "/nowhere", "/sign-in") * 2]
    assert 503 not in statuses


class Sent(BytesIO):
    """A body that comes in; each reading of it looks whether somebody else would be let in meanwhile."""

    def __init__(self, content: bytes, admission: Admission) -> None:
        """Take what comes, and where the place is."""
        super().__init__(content)
        self._admission = admission

    def read(self, size: int | None = -1, /) -> bytes:
        """Read while another request comes and goes."""
        self._admission.leave(self._admission.enter())
        return super().read(size)


@pytest.mark.parametrize("length", [0, 1, SHORT_BYTES, SHORT_BYTES + 1, 3 * SHORT_BYTES])
@pytest.mark.parametrize("is_told", [True, False], ids=["of known length", "in parts"])
def test_nobody_is_held_up_by_a_body_that_comes_in(length: int, is_told: bool) -> None:
    """It takes up no place before it is there; afterwards its request has one."""
    app, admission = Flask("slow"), Admission(working=1, waiting=0)
    install(app, admission)

    @app.post("/")
    def length_of_body() -> str:
        heard = str(len(request.get_data()))
        with pytest.raises(OverloadedError):
            admission.enter()
        return heard

    how = {"CONTENT_LENGTH": str(length)} if is_told else {"HTTP_TRANSFER_ENCODING": "chunked"}
    body = Sent(b"x" * length, admission)
    environ = {"wsgi.input": body, "wsgi.input_terminated": True, **how}
    answer = app.test_client().post("/", environ_overrides=environ)
    assert answer.text == str(length)
    admission.leave(admission.enter())


@pytest.mark.parametrize("length", [SHORT_BYTES, SHORT_BYTES + 1])
def test_a_body_that_breaks_off_is_refused(length: int) -> None:
    """What came so far may be readable, but is not what was sent."""
    app, admission = Flask("slow"), Admission(working=1, waiting=0)
    install(app, admission)
    app.add_url_rule("/", view_func=lambda: request.get_data(), methods=["POST"])
    broken = {
        "wsgi.input": Sent(b"x" * (length - 1), admission),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": str(length),
    }
    app.wsgi_app = RefusedBodies(app.wsgi_app)  # type: ignore[method-assign]
    assert app.test_client().post("/", environ_overrides=broken).status_code == 400
    admission.leave(admission.enter())
