"""What a request is about: the house, the person who asks, the moment, the id of the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from typing import cast

from flask import current_app, g
from sqlalchemy import Connection

from service.domain.errors import NotSignedInError
from service.identity import Person
from service.usecases.house import House

EXTENSION = "huiyin_web"
"""Where `register` leaves the house in `app.extensions`."""


def house() -> House:
    """Return the house that this application serves."""
    return cast(House, current_app.extensions[EXTENSION])


def now() -> datetime:
    """Return the present moment of the house's clock, aware, UTC."""
    return house().outside.clock.now()


@contextmanager
def reading() -> Iterator[Connection]:
    """Give a connection with one consistent view; a page is read through one of them."""
    with house().database.reading() as connection:
        yield connection


@contextmanager
def asking() -> Iterator[Connection]:
    """Give a connection for one question."""
    with house().database.asking() as connection:
        yield connection


def person() -> Person:
    """Return who is signed in.

    Raises:
        NotSignedInError: Nobody is.
    """
    found = maybe_person()
    if found is None:
        raise NotSignedInError("Expected somebody to be signed in, but nobody is.")
    return found


def maybe_person() -> Person | None:
    """Return who is signed in, or None."""
    return cast("Person | None", g.get("person"))


def request_id() -> str:
    """Return the id under which this request stands in the log and on its error page."""
    if "request_id" not in g:
        g.request_id = token_hex(6)
    return cast(str, g.request_id)


def username() -> str:
    """Return the user name of who asks; empty: nobody is signed in."""
    found = maybe_person()
    return found.username if found else ""
