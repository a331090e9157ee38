"""Clients that fell on a busy process are sent to one that has less to do."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import create_environ

from service.api.waiting import Waiting
from service.running.even_load import EvenLoad, Shared, processor_of

Headers = list[tuple[str, str]]
OTHER = os.getppid()
"""A process that is alive."""


class Server:
    """One of two processes, and what it answers."""

    def __init__(self, others: int | None, app: Callable[..., Any] | None = None) -> None:
        """Begin; the other process has so many requests, None: there is no other."""
        self.shared = Shared(1 if others is None else 2)
        self.inside: list[Callable[[], None]] = []
        self.load = EvenLoad(app or self.answer, self.shared, self.shared.join())
        if others is not None:
            self.shared._pids[1] = OTHER
            self.shared.tell(1, others)

    def answer(self, _environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Do what is to be done meanwhile, then answer."""
        while self.inside:
            self.inside.pop()()
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def ask(self) -> Headers:
        """Return the headers of an answer."""
        told: list[Headers] = []
        body = self.load({}, lambda _status, headers: told.append(headers))
        assert b"".join(body) == b"ok"
        return told[-1]


def sent_away(answers: Iterable[Headers]) -> int:
    """Return how many clients were told to come anew."""
    return sum(("Connection", "close") in headers for headers in answers)


@contextmanager
def busy(server: Server, requests: int) -> Iterator[None]:
    """Let a server be in the midst of so many requests, and have been for a while."""
    server.load._count(requests)
    server.load._mean = float(requests)
    yield
    server.load._count(-requests)


def test_a_process_with_more_requests_sends_a_client_away() -> None:
    """One, and then it waits whether that was enough."""
    server = Server(others=3)
    with busy(server, 5):
        answers = [server.ask() for _ in range(3)]
    assert sent_away(answers) == 1


def test_nobody_is_sent_away_where_all_have_the_same() -> None:
    """One more or less is chance."""
    server = Server(others=4)
    with busy(server, 4):
        assert sent_away(server.ask() for _ in range(20)) == 0


def test_a_crowd_of_a_moment_sends_nobody_away() -> None:
    """It is over before a client could have come to the other process."""
    server = Server(others=0)
    assert sent_away([server.ask() for _ in range(20)]) == 0
    server.load._count(3)
    assert sent_away([server.ask()]) == 0
    server.load._count(-3)


def test_the_only_process_sends_nobody_away() -> None:
    """There is nobody to send him to."""
    server = Server(others=None)
    with busy(server, 30):
        assert sent_away(server.ask() for _ in range(20)) == 0


def test_a_process_tells_how_many_requests_it_has() -> None:
    """While it works on them, and when it is through."""
    server = Server(others=2)
    server.inside.append(lambda: told.append(server.shared.least(1)))
    told: list[int | None] = []
    server.ask()
    assert (told, server.shared.least(1), server.shared.least(0)) == ([1], 0, 2)


def test_a_request_that_waits_for_something_to_happen_is_not_counted() -> None:
    """A worker that asks for jobs keeps nobody busy until there are some."""
    told: list[int | None] = []

    def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def look() -> bool | None:
            told.append(server.shared.least(1))
            return True if len(told) > 1 else None

        with Flask("waits").request_context({**create_environ(), **_environ}):
            Waiting().until(look, 10)
        start("204 NO CONTENT", [])
        return [b"ok"]

    server = Server(2, app)
    server.ask()
    assert (told, server.shared.least(1)) == ([1, 0], 0)


def test_the_place_of_a_process_that_ended_is_free() -> None:
    """Whoever replaces it begins with no requests; without a free place nothing is counted."""
    shared = Shared(1)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    shared._pids[0] = ended.pid
    shared.tell(0, 7)
    assert shared.join() == 0
    assert (shared._requests[0], shared.join()) == (0, None)


@pytest.mark.parametrize(
    ("place", "processes", "available", "expected"),
    [
        (0, 2, {4, 6}, 4),
        (1, 2, {4, 6}, 6),
        (2, 3, {4, 6}, 4),
        (1, 2, {0, 1, 2}, None),
        (0, 1, {0}, None),
        (None, 2, {0, 1}, None),
    ],
)
def test_each_process_has_a_processor_where_there_is_one_for_each(
    place: int | None, processes: int, available: set[int], expected: int | None
) -> None:
    """Among those that the operator left to the house; with fewer processes none is tied to any."""
    assert processor_of(place, processes, available) == expected
