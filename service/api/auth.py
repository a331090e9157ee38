"""Who asks: Basic and Bearer credentials, or the session of a browser that sends the CSRF header.

Where the operator set it so, a program on this machine needs none of these (`api.loopback`).

A verified password is remembered for some minutes, since verifying one costs 20 ms on purpose: under a
keyed hash, in memory only, together with the stored hash it fitted. A changed password, a removed person
or another role counts at once in the process that changed it and within a second in the others
(`persistence.rare_facts`).
"""

import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from flask import Flask, current_app, g, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError  # type: ignore[import-untyped]

from service.api import context, loopback
from service.api.operation import require_acceptable
from service.api.routes import Rule
from service.domain.errors import NotAllowedError, NotSignedInError
from service.domain.program_paths import PROGRAM_PATHS
from service.identity import Person
from service.usecases import people
from service.usecases.house import House

SessionPerson = Callable[[], Person | None]
"""Who the browser session of the present request belongs to, or None."""

REMEMBERED_S = 300.0
REMEMBERED = 1000
CSRF_HEADER = "X-CSRFToken"

_EXTENSION = "huiyin.api.auth"


@dataclass(frozen=True)
class _Verified:
    stored_hash: str
    until: float


class Remembered:
    """Passwords that were verified a short while ago, under a hash that nobody can turn back."""

    def __init__(self, secret: bytes) -> None:
        """Take the key of the hash, made anew for each process."""
        self._secret = secret
        self._lock = threading.Lock()
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    def is_verified(self, username: str, password: str, stored_hash: str) -> bool:
        """Tell whether this password was found to fit this stored hash a short while ago."""
        with self._lock:
            known = self._verified.get(self._mark(username, password))
        return (
            known is not None
            and known.until > time.monotonic()
            and hmac.compare_digest(known.stored_hash, stored_hash)
        )

    def add(self, username: str, password: str, stored_hash: str) -> None:
        """Remember that this password fits this stored hash."""
        mark = self._mark(username, password)
        with self._lock:
            self._verified[mark] = _Verified(stored_hash, time.monotonic() + REMEMBERED_S)
            self._verified.move_to_end(mark)
            while len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)

    def _mark(self, username: str, password: str) -> bytes:
        return hmac.digest(self._secret, f"{username}\0{password}".encode(), sha256)


@dataclass(frozen=True)
class _Auth:
    remembered: Remembered
    signed_in: SessionPerson | None


def install(app: Flask, house: House, signed_in: SessionPerson | None) -> None:
    """Put what `enter` knows where it finds it."""
    secret = house.outside.random_bytes(32)
    app.extensions[_EXTENSION] = _Auth(Remembered(secret), signed_in)


def enter() -> None:
    """Ask a request to the API who it is, whether its rule allows it and what it accepts.

    Raises:
        HuiyinError: It is refused.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or not request.path.startswith(PROGRAM_PATHS):
        return
    rule: Rule | None = getattr(view, "rule", None)
    if rule is None:
        raise NotAllowedError("Expected the path to have a rule of access, but it has none.")
    request.max_content_length = vars(view)["body_bytes"]
    if rule.ask is not None:
        g.api_person = person = who_asks()
        rule.ask(person).require()
    require_acceptable()


def who_asks() -> Person:
    """Return who sends the present request.

    Raises:
        NotSignedInError: No credentials, or wrong ones.
    """
    credentials = request.authorization
    if credentials is None:
        return _of_session()
    if credentials.type == "basic":
        return _of_password(credentials.username or "", credentials.password or "")
    if credentials.type == "bearer" and credentials.token:
        return people.person_of_token(context.house(), credentials.token)
    raise NotSignedInError("Expected Basic or Bearer credentials.")


def _of_password(username: str, password: str) -> Person:
    auth: _Auth = current_app.extensions[_EXTENSION]
    stored_hash, known = people.account(context.house(), username)
    is_verified = stored_hash and auth.remembered.is_verified(username, password, stored_hash)
    if known is not None and is_verified:
        return known
    signed_in = people.sign_in(context.house(), username, password, request.remote_addr or "")
    if stored_hash:
        auth.remembered.add(username, password, stored_hash)
    return signed_in


def _of_session() -> Person:
    auth: _Auth = current_app.extensions[_EXTENSION]
    known = auth.signed_in() if auth.signed_in else None
    if known is None:
        known = loopback.person_without_credentials()
        if known is not None:
            return known
        raise NotSignedInError("Expected credentials, but there are none.")
    try:
        validate_csrf(request.headers.get(CSRF_HEADER))
    except ValidationError as error:
        raise NotSignedInError(
            f"Expected the header '{CSRF_HEADER}' with the token of the session."
        ) from error
    return known
