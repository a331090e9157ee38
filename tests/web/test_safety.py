"""What every answer says about safety, who may open what, and what is refused."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed

from service.usecases.process_instances import StartedWithForm
from service.web.frame import errors
from service.web.request.access import rule_of
from tests.web.conftest import SignedIn

PAGES = [
    "/tasks",
    "/tasks?tab=claimable",
    "/tasks?tab=done",
    "/tasks?tab=cc",
    "/start",
    "/cases",
    "/processes",
    "/decisions",
    "/forms",
    "/notifications",
    "/me",
]
ADMIN_PAGES = [
    "/administration",
    "/administration/calendar",
    "/administration/people",
    "/administration/people/new",
    "/administration/people/wang",
    "/mails",
]
ROLES = ["wang", "admin", "owner", "auditor", "operator"]


class InlineCode(HTMLParser):
    """Finds what a strict policy would not run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inline scripts, styles and handlers."""
        names = {name for name, _value in attrs}
        is_data = ("type", "application/json") in attrs
        if tag == "style" or (tag == "script" and "src" not in names and not is_data):
            self.found.append(tag)
        self.found += [
            name for name in names if name == "style" or name.startswith(("on", "hx-on"))
        ]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("username", ROLES)
def test_every_page_opens_for_every_role(signed_in: SignedIn, username: str, path: str) -> None:
    """Pages for all render for staff, administrators, owners, auditors and operators."""
    answer = signed_in(username).get(path)

    assert answer.status_code == 200
    assert '<html lang="zh-Hans-CN"' in answer.text


@pytest.mark.parametrize("path", ADMIN_PAGES)
@pytest.mark.parametrize("username", ROLES)
def test_administration_opens_for_administrators_alone(
    signed_in: SignedIn, username: str, path: str
) -> None:
    """Others get 403 and are told so (XC-P-5)."""
    answer = signed_in(username).get(path)

    assert answer.status_code == (200 if username == "admin" else 403)


@pytest.mark.parametrize("language", ["en", "zh_Hant_TW"])
@pytest.mark.parametrize("path", PAGES + ADMIN_PAGES)
def test_every_page_opens_in_every_language(signed_in: SignedIn, path: str, language: str) -> None:
    """No translation breaks a page."""
    client = signed_in("admin")
    client.post("/language", data={"language": language})

    answer = client.get(path)

    assert f'<html lang="{language.replace("_", "-")}"' in answer.text


def test_every_route_of_the_pages_states_who_may_open_it(pages: Flask) -> None:
    """A view without a rule opens for nobody, and there is none."""
    endpoints = {rule.endpoint for rule in pages.url_map.iter_rules()}
    assert [name for name in endpoints if rule_of(pages.view_functions[name]) is None] == []


def test_every_page_but_sign_in_asks_who_somebody_is(pages: Flask) -> None:
    """Nobody reads anything without signing in."""
    open_to_all = {
        rule.rule
        for rule in pages.url_map.iter_rules()
        if (found := rule_of(pages.view_functions[rule.endpoint])) and found.is_public
    }
    assert open_to_all == {
        "/favicon.ico",
        "/sign-in",
        "/sign-out",
        "/language",
        "/favicon.svg",
        "/static/dist/<path:name>",
    }


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/dist/x-app.js"])
def test_every_answer_carries_the_strict_policy(pages: Flask, path: str) -> None:
    """Pages, errors and files alike; nothing inline, nothing from elsewhere, no frames."""
    headers = pages.test_client().get(path).headers

    assert (
        "default-src 'none'; script-src 'self'; style-src 'self';"
        in headers["Content-Security-Policy"]
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_code(signed_in: SignedIn, complaint: StartedWithForm) -> None:
    """No script, style or handler stands in the HTML itself."""
    client = signed_in("wang")
    paths = [*PAGES, f"/tasks/{complaint.next_task_key}", f"/cases/{complaint.case_no}"]
    for path in [*paths, "/start/small_complaint"]:
        finder = InlineCode()
        finder.feed(client.get(path).text)
        assert (path, finder.found) == (path, [])


def test_the_session_cookie_is_out_of_reach_for_scripts(pages: Flask) -> None:
    """It is `HttpOnly` and `SameSite=Lax`."""
    cookie = pages.test_client().get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_built_files_are_kept_for_ever_and_pages_never(signed_in: SignedIn) -> None:
    """Names of built files carry a hash; pages are for one person."""
    client = signed_in("wang")
    built = client.get("/static/dist/x-app.js").headers["Cache-Control"]
    page = client.get("/tasks").headers["Cache-Control"]

    assert "immutable" in built
    assert page == "no-store"


@pytest.mark.parametrize("path", ["claim", "unassign", "complete", "upload", "attachments"])
def test_a_request_without_the_token_of_our_page_changes_nothing(
    pages: Flask, signed_in: SignedIn, complaint: StartedWithForm, path: str
) -> None:
    """Another site cannot act in the name of somebody who is signed in here."""
    pages.config["WTF_CSRF_ENABLED"] = True
    client = signed_in("wang")

    answer = client.post(f"/tasks/{complaint.next_task_key}/{path}", json={"variables": {}})

    assert answer.status_code == 400
    assert "由我办理" not in client.get(f"/tasks/{complaint.next_task_key}").text


def test_the_token_in_the_page_is_taken(
    pages: Flask, signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """What the page's own form sends is done."""
    pages.config["WTF_CSRF_ENABLED"] = True
    client = signed_in("wang")
    token = _token(client)

    answer = client.post(f"/tasks/{complaint.next_task_key}/claim", headers={"X-CSRFToken": token})

    assert answer.status_code == 303


def test_a_page_from_before_a_second_sign_in_is_told_the_new_token(
    pages: Flask, signed_in: SignedIn, complaint: StartedWithForm
) -> None:
    """A script that sends what was typed meanwhile learns the token, and for whom it is."""
    pages.config["WTF_CSRF_ENABLED"] = True
    client = signed_in("wang")
    address = f"/tasks/{complaint.next_task_key}/complete"

    refused = client.post(address, json={"variables": {}}, headers={"X-CSRFToken": "old"})
    assert (refused.status_code, refused.json and refused.json["signed_in_as"]) == (400, "wang")
    assert refused.json is not None
    again = client.post(
        address, json={"variables": {}}, headers={"X-CSRFToken": refused.json["csrf_token"]}
    )
    assert "csrf_token" not in (again.json or {})


def test_programs_are_told_of_an_unknown_method_in_their_form(pages: Flask) -> None:
    """A problem, with what there is instead: no view of the API is asked about such a method."""
    with pages.test_request_context("/v2/topology", method="TRACE"):
        response = errors.answer_unknown_address(MethodNotAllowed(["GET"]))

    assert (response.status_code, response.content_type) == (405, "application/problem+json")
    assert (response.json or {})["status"] == 405
    assert response.headers["Allow"] == "GET"


def test_an_unknown_address_is_an_error_page_with_an_id(signed_in: SignedIn) -> None:
    """404 in the reader's language; scripts get the same as a problem detail."""
    client = signed_in("wang")
    page = client.get("/nowhere")
    problem = client.get("/nowhere", headers={"Accept": "application/json"})

    assert (page.status_code, "错误编号" in page.text) == (404, True)
    assert problem.content_type == "application/problem+json"
    assert problem.json is not None
    assert len(problem.json["id"]) == 12


def _token(client: FlaskClient) -> str:
    return client.get("/tasks").text.split('name="csrf-token" content="')[1].split('"')[0]
