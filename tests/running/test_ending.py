"""What asks a web process to end before it serves."""

import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from service.running.serving import _end_when_asked

ASKS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def server() -> Iterator[Any]:
    """Give a server as a process just forked has it, with its handlers; this process gets its own back."""
    server = SimpleNamespace(interrupt_signal=False)
    before = {number: signal.getsignal(number) for number in ASKS}
    for number in ASKS:
        signal.signal(number, lambda *_: setattr(server, "interrupt_signal", True))
    yield server
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_asks_a_process_that_loads_its_application_ends_it(server: Any) -> None:
    """The handlers of the server would tell a copy that nobody looks at, and the house wait ten seconds."""
    _end_when_asked(server)

    assert [signal.getsignal(number) for number in ASKS] == [signal.SIG_DFL] * 2


def test_what_asked_it_before_that_is_not_forgotten(server: Any) -> None:
    """Between the fork and its first step the copy was told."""
    signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        _end_when_asked(server)
    assert ended.value.code == 0
