"""Where a sign-in or a language switch may lead, and the addresses of a list's rows."""

import pytest
from flask import Flask, url_for

from service.web.places.sign_in import safe_target
from service.web.request.addresses import numbered


@pytest.mark.parametrize("target", ["/tasks", "/tasks/1?tab=done", "/cases/20261124-TEL-001#x"])
def test_addresses_of_this_house_are_followed(pages: Flask, target: str) -> None:
    """Somebody who was asked to sign in comes to the page he wanted."""
    with pages.test_request_context():
        assert safe_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "tasks",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\\\evil.example",
    ],
)
def test_addresses_elsewhere_are_not_followed(pages: Flask, target: str) -> None:
    """A link to our sign-in page cannot send people away."""
    with pages.test_request_context():
        assert safe_target(target) == "/"


def test_numbered_addresses_are_those_that_flask_makes(pages: Flask) -> None:
    """With what else the address says, below the root that a proxy tells, whatever the number."""
    with pages.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/huiyin"}):
        plain = numbered("web.task.page", "task_key", tab=None)
        beside = numbered("web.task.page", "task_key", tab="可 领取&")
        for key in (1, 252596831421202818):
            assert plain(key) == url_for("web.task.page", task_key=key)
            assert beside(key) == url_for("web.task.page", task_key=key, tab="可 领取&")
