"""What a view of the API finds around it: the house, the person who asks, the id of the request."""

from dataclasses import dataclass

from flask import Flask, current_app, g

from service.api.waiting import MOST_WAITERS, Waiting
from service.identity import Person
from service.usecases.house import House

WAITING_POLLS = "HUIYIN_WAITING_POLLS"
"""Configuration of the application: requests of this process that may wait at once."""

_EXTENSION = "huiyin.api"
_ID_BYTES = 8


@dataclass(frozen=True)
class Context:
    """The parts of the API that live as long as the application."""

    house: House
    waiting: Waiting


def install(app: Flask, house: House) -> None:
    """Put the house where the views find it."""
    app.extensions[_EXTENSION] = Context(
        house, Waiting(app.config.get(WAITING_POLLS, MOST_WAITERS))
    )


def house() -> House:
    """Return the house of the present application."""
    return _context().house


def waiting() -> Waiting:
    """Return what bounds the requests that wait in this process."""
    return _context().waiting


def person() -> Person:
    """Return who asks. Only for views whose rule demands that somebody is signed in."""
    known: Person = g.api_person
    return known


def request_id() -> str:
    """Return the id of this request, the same in the answer and in the log."""
    if "request_id" not in g:
        g.request_id = house().outside.random_bytes(_ID_BYTES).hex()
    return str(g.request_id)


def _context() -> Context:
    context: Context = current_app.extensions[_EXTENSION]
    return context
