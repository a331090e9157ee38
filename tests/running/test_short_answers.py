"""The web server gets a short answer as a whole."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from service.running.short_answers import JOINED_BYTES, ShortAnswers


class Body(list[bytes]):
    """The parts of an answer; knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        """Do what is to be done after an answer."""
        self.is_closed = True


def asked(status: str, headers: list[tuple[str, str]]) -> tuple[Body, Iterable[bytes]]:
    """Return the body of an application's answer, and what the server gets of it."""
    body = Body([b"o", b"k"])

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start(status, headers)
        return body

    return body, ShortAnswers(app)({}, lambda *_told: None)


@pytest.mark.parametrize(
    ("status", "headers"),
    [("200 OK", [("content-length", "2")]), ("204 NO CONTENT", []), ("304 NOT MODIFIED", [])],
)
def test_a_short_answer_goes_to_the_server_as_a_whole(
    status: str, headers: list[tuple[str, str]]
) -> None:
    """And what is to be done after an answer is done."""
    body, got = asked(status, headers)
    assert (got, body.is_closed) == ([b"ok"], True)


@pytest.mark.parametrize("headers", [[("Content-Length", str(JOINED_BYTES + 1))], []])
def test_a_long_answer_goes_part_by_part(headers: list[tuple[str, str]]) -> None:
    """So does one whose length nobody knows; the server closes it when it has all."""
    body, got = asked("200 OK", headers)
    assert got is body
    assert not body.is_closed
