"""Every page makes sense to somebody who hears it: order, names, places (`outline.mistakes_of`)."""

from flask import Flask
from flask.testing import FlaskClient

from service.reports import processes as report
from service.usecases.house import House
from service.usecases.process_instances import StartedWithForm
from tests.web.conftest import SignedIn
from tests.web.outline import mistakes_of
from tests.web.test_safety import ADMIN_PAGES, PAGES


def _mistakes(client: FlaskClient, *paths: str) -> dict[str, list[str]]:
    answers = {path: client.get(path, follow_redirects=True) for path in paths}
    found = {path: mistakes_of(answer.text) for path, answer in answers.items()}
    return {path: mistakes for path, mistakes in found.items() if mistakes}


def test_a_page_that_cannot_be_heard_is_found_out() -> None:
    """A level left out, a second first heading, no names of field, button and picture, a time in a time."""
    page = """<html><body><main><h1>A</h1><h3>B</h3><h1>E</h1><input name="a"><button></button><img src="x">
        <time>1<time>2</time></time><fieldset><span>C</span></fieldset></main><a href="/">D</a></body></html>"""

    assert len(mistakes_of(page)) == 9


def test_every_list_and_form_can_be_heard(signed_in: SignedIn, complaint: StartedWithForm) -> None:
    """The pages of staff and of the administration, with something in them."""
    more = ("/tasks?tab=claimable", "/start/small_complaint", "/histories", "/operations")
    groups = ("/administration/groups", "/administration/groups/cs", "/start-triggers")

    assert _mistakes(signed_in("admin"), *PAGES, *ADMIN_PAGES, *more, *groups) == {}


def test_every_page_of_one_thing_can_be_heard(
    signed_in: SignedIn, office: House, complaint: StartedWithForm
) -> None:
    """A task beside its list, a case, a definition of each kind, an instance and its neighbours."""
    with office.database.reading() as connection:
        decision = report.decisions(connection)[0]
        form = report.forms(connection)[0]
    paths = (
        f"/tasks/{complaint.next_task_key}",
        f"/cases/{complaint.case_no}",
        f"/processes/{complaint.process_key}",
        f"/processes/{complaint.process_key}/instances",
        f"/instances/{complaint.key}",
        f"/decisions/{decision.key}",
        f"/forms/{form.key}",
    )

    assert _mistakes(signed_in("admin"), *paths) == {}


def test_the_pages_of_a_stranger_can_be_heard(pages: Flask, office: House) -> None:
    """Signing in, and an address that is not there."""
    assert _mistakes(pages.test_client(), "/sign-in", "/nowhere") == {}
