"""What people read at a refused field."""

from re import sub

from service.forms.messages import TEXTS as OURS
from service.forms.messages import problem
from service.web.words import problems
from tests.web.conftest import SignedIn


def test_the_wording_of_a_form_comes_before_ours() -> None:
    """A form that says itself what is wrong is not overruled by the general sentence."""
    own = "批次号以 B 开头"
    for code in ("pattern", "condition"):
        assert problems.message_of(problem(code, ("batch",), "f", {}, own)) == own


def test_pages_say_what_forms_say(signed_in: SignedIn) -> None:
    """Both tables have the same sentences, so that each of them is translated."""
    with signed_in("wang").application.test_request_context():
        shown = {
            code: sub(r"%\((\w+)\)s", r"{\1}", str(text)) for code, text in problems.TEXTS.items()
        }
    assert shown == dict(OURS)
