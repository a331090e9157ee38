"""Who is refused is heard out, so that he hears why."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest

from service.running.refused_bodies import HEARD_BYTES, RefusedBodies


def left_of(sent: bytes, status: str, read: int = 0) -> int:
    """Return how many bytes of a body are unread when the server gets an answer with some status."""

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read(read)
        start(status, [])
        return [b"no"]

    body = BytesIO(sent)
    assert RefusedBodies(app)({"wsgi.input": body}, lambda *_told: None) == [b"no"]
    return len(body.read())


@pytest.mark.parametrize("status", ["401 UNAUTHORIZED", "403 FORBIDDEN", "404 NOT FOUND"])
def test_a_refused_body_is_read_before_the_answer_goes_out(status: str) -> None:
    """From wherever the application left it."""
    assert left_of(b"x" * 300_000, status, read=10) == 0
    assert left_of(b"", status) == 0


def test_nobody_can_make_the_server_read_for_ever() -> None:
    """Beyond a limit the connection is closed."""
    assert left_of(b"x" * (HEARD_BYTES + 7), "403 FORBIDDEN") == 7


@pytest.mark.parametrize("status", ["200 OK", "503 SERVICE UNAVAILABLE"])
def test_no_other_answer_waits_for_the_body(status: str) -> None:
    """Least of all those that go out because too much is to do."""
    assert left_of(b"x" * 100, status) == 100
