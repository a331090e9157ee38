"""Signing in, staying signed in, and signing out."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.domain.errors import UnavailableError
from service.identity import Person
from service.usecases import people
from service.usecases.house import House
from tests.fakes import FakeClock
from tests.web.conftest import SignedIn

ADMIN = Person("admin", "系统管理员", roles=frozenset({"admin"}))
PASSWORD = "a long password"


@pytest.fixture
def stranger(pages: Flask, office: House) -> FlaskClient:
    """Return a browser in which nobody is signed in; 王芳 has a password."""
    people.set_password(office, ADMIN, "wang", PASSWORD)
    return pages.test_client()


def test_the_right_password_leads_to_the_page_that_was_wanted(stranger: FlaskClient) -> None:
    """Somebody who opened a link from a mail comes to it after signing in."""
    asked = stranger.get("/cases?q=120")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/cases%3Fq%3D120"

    form = {"username": "wang", "password": PASSWORD, "next": "/cases?q=120"}
    answer = stranger.post("/sign-in", data=form)

    assert (answer.status_code, answer.location) == (303, "/cases?q=120")
    assert stranger.get("/cases").status_code == 200


@pytest.mark.parametrize("username", ["wang", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_alike(
    stranger: FlaskClient, username: str
) -> None:
    """The page does not tell which user names there are."""
    answer = stranger.post("/sign-in", data={"username": username, "password": "wrong"})

    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text


def test_guessing_is_stopped(stranger: FlaskClient) -> None:
    """After ten failures even the right password is not looked at for a while."""
    for _ in range(10):
        stranger.post("/sign-in", data={"username": "wang", "password": "wrong"})

    answer = stranger.post("/sign-in", data={"username": "wang", "password": PASSWORD})

    assert answer.status_code == 429
    assert "登录失败次数过多" in answer.text


test_guessing_is_stopped = pytest.mark.slow(test_guessing_is_stopped)


def test_a_lost_database_is_not_told_as_guessing(
    stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said about the reader's attempts; he may try again in a moment."""

    def lost(*_arguments: object) -> Person:
        raise UnavailableError("Expected the database to answer, but it does not.")

    # A database that is lost between two requests cannot be arranged in one thread.
    monkeypatch.setattr(people, "sign_in", lost)

    answer = stranger.post("/sign-in", data={"username": "wang", "password": PASSWORD})

    assert answer.status_code == 503
    assert "登录失败次数过多" not in answer.text
    assert answer.headers["Retry-After"]


def test_a_session_ends_after_its_time(signed_in: SignedIn, clock: FakeClock, house: House) -> None:
    """Just before the end the page opens; at the end the person is asked again."""
    client = signed_in("wang")
    clock.advance(house.rules.session_length - timedelta(seconds=1))
    assert client.get("/tasks").status_code == 200

    clock.advance(seconds=1)

    assert client.get("/tasks").status_code == 303


def test_somebody_who_is_switched_off_is_out_at_once(signed_in: SignedIn, office: House) -> None:
    """A session of an account that is no longer active opens nothing."""
    client = signed_in("wang")
    people.update_person(office, ADMIN, "wang", people.PersonFacts("王芳", is_active=False))

    assert client.get("/tasks").status_code == 303


def test_signing_out_forgets_the_person_and_keeps_the_language(signed_in: SignedIn) -> None:
    """The next page asks again, in the language that was chosen."""
    client = signed_in("wang")
    client.post("/language", data={"language": "en", "next": "/tasks"})

    client.post("/sign-out")

    assert client.get("/tasks").status_code == 303
    assert '<html lang="en"' in client.get("/sign-in").text


def test_demo_people_are_offered_only_where_they_are_given(pages: Flask, office: House) -> None:
    """Without the setting the page names nobody."""
    assert "演示账号" not in pages.test_client().get("/sign-in", headers=CHINESE).text

    person = {"username": "wang", "name": "王芳", "password": "huiyin-demo", "note": "客服部"}
    pages.config["HUIYIN_DEMO_PEOPLE"] = [person]
    page = pages.test_client().get("/sign-in", headers=CHINESE).text

    assert "演示账号" in page
    assert "huiyin-demo" in page


CHINESE = {"Accept-Language": "zh-CN"}


def test_another_password_ends_every_session_at_once(stranger: FlaskClient, office: House) -> None:
    """The browser that is signed in with the old one is asked again; the new one lets in."""
    form = {"username": "wang", "password": PASSWORD}
    stranger.post("/sign-in", data=form)
    assert stranger.get("/tasks").status_code == 200

    people.set_password(office, ADMIN, "wang", "another long password")

    assert stranger.get("/tasks").location == "/sign-in?next=/tasks"
    stranger.post("/sign-in", data={**form, "password": "another long password"})
    assert stranger.get("/tasks").status_code == 200


def test_who_changes_his_own_password_stays_signed_in(signed_in: SignedIn, office: House) -> None:
    """Only his other browsers are signed out."""
    here, elsewhere = signed_in("admin"), signed_in("admin")

    here.post("/administration/people/admin/password", data={"password": "another long password"})

    assert here.get("/tasks").status_code == 200
    assert elsewhere.get("/tasks").status_code == 303
