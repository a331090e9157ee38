"""Where a sign-in or a language switch may lead."""

import pytest
from flask import Flask

from service.web.sign_in import safe_target


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
