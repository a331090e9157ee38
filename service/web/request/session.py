"""The session of a person in a browser: begun at sign-in, checked at each request, over after its time."""

from datetime import datetime, timedelta

from flask import g, request, session

from service.identity import Person
from service.usecases import people
from service.web.request import current
from service.web.request.languages import negotiate

USERNAME = "username"
"""Session key: who is signed in."""

_SINCE = "since"
_EPOCH = "epoch"
_LANGUAGE = "language"


def begin(person: Person) -> None:
    """Sign a person in; whatever an earlier session held is dropped, but the language stays."""
    language = session.get(_LANGUAGE)
    session.clear()
    session.permanent = True
    session[USERNAME] = person.username
    session[_SINCE] = current.now().isoformat()
    session[_EPOCH] = person.session_epoch
    if language:
        session[_LANGUAGE] = language
    g.person = person


def end() -> None:
    """Sign the person out; the language stays."""
    language = session.get(_LANGUAGE)
    session.clear()
    if language:
        session[_LANGUAGE] = language
    g.person = None


def load_person() -> None:
    """Find out who asks; runs before each request.

    Somebody who is no longer active, whose session is over its time, or whose sessions were all ended
    since (another password) is nobody.
    """
    g.person = None
    username = session.get(USERNAME)
    if not username or not _is_in_time(session.get(_SINCE)):
        return
    found = people.known_person(current.house(), username)
    if found is not None and session.get(_EPOCH, 0) == found.session_epoch:
        g.person = found


def choose_language(language: str) -> None:
    """Keep the reader's language for this browser."""
    session[_LANGUAGE] = language


def language() -> str:
    """Return the language of the page that is asked for."""
    asked = [tag for tag, _quality in request.accept_languages]
    return negotiate(session.get(_LANGUAGE), asked)


def _is_in_time(since: str | None) -> bool:
    if since is None:
        return False
    length: timedelta = current.house().rules.session_length
    return current.now() - datetime.fromisoformat(since) < length
