"""When the place of a web process that ended is taken again."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from service.running.lasting import GIVES_UP_AFTER, LOOK_EVERY_S, STEADY_S, Places

KILLED, FAILED = -9, 1


@dataclass
class Ended:
    """A process that began at 0 and ended with a status."""

    inner: Any
    birth: float = 0.0


def end(places: Places, at_s: float, status: int = KILLED, place: int = 0) -> float:
    """Let a process end that began at 0; return for how long its place stays empty."""
    places.ended(place, Ended(SimpleNamespace(exitcode=status)), at_s)
    return next(wait / 10 for wait in range(1000) if place in places.due(at_s + wait / 10))


def test_a_place_is_empty_longer_the_more_often_its_process_ends_soon() -> None:
    """The first is replaced at once, then the pause doubles, and ten seconds are the longest."""
    places = Places()
    assert [end(places, 1) for _kill in range(8)] == [0, 0.5, 1, 2, 4, 8, 10, 10]
    assert not places.are_hopeless


def test_a_process_that_lived_long_is_replaced_at_once() -> None:
    """What ended it has nothing to do with those before."""
    places = Places()
    for _kill in range(5):
        end(places, 1)
    assert end(places, STEADY_S) == 0
    assert end(places, 1) == 0


@pytest.mark.parametrize(
    ("statuses", "is_hopeless"),
    [
        ([FAILED] * GIVES_UP_AFTER, True),
        ([FAILED] * (GIVES_UP_AFTER - 1), False),
        ([KILLED] * 50, False),
        ([FAILED, FAILED, KILLED, FAILED], False),
    ],
)
def test_only_processes_that_cannot_start_end_the_server(
    statuses: list[int], is_hopeless: bool
) -> None:
    """Whoever is killed is replaced for ever."""
    places = Places()
    for status in statuses:
        end(places, 1, status)
    assert places.are_hopeless == is_hopeless


def test_a_server_that_has_served_never_gives_up() -> None:
    """Its other processes may well serve on."""
    places = Places()
    end(places, STEADY_S, place=1)
    for _failure in range(GIVES_UP_AFTER):
        end(places, 1, FAILED)
    assert not places.are_hopeless


def test_the_server_sleeps_until_a_place_is_due() -> None:
    """And looks once a second all the same."""
    places = Places()
    assert places.wait_s(0) == LOOK_EVERY_S
    end(places, 1)
    end(places, 1)
    assert places.wait_s(1) == 0.5
    assert places.wait_s(2) == 0
