"""Programs on this machine without credentials, when the operator allows it (`HUIYIN_LOOPBACK_USER`).

The Camunda Modeler on a laptop deploys this way. A page of some other site that is open in a browser of
this machine could send the same requests: so what a browser sent, and what was sent to another name than
a loopback one (DNS rebinding), is not taken for such a program.
"""

from ipaddress import ip_address

from flask import current_app, request

from service.api import context
from service.domain.errors import NotSignedInError
from service.identity import Person
from service.usecases import people

LOOPBACK_USER = "HUIYIN_LOOPBACK_USER"
"""Configuration of the application: user name of those programs; empty or absent: nobody."""

_BROWSER_HEADERS = ("Origin", "Sec-Fetch-Site")
"""A browser sends at least one of them with every request a foreign page can make it send."""

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def person_without_credentials() -> Person | None:
    """Return in whose name the present request acts, or None when it needs credentials.

    Raises:
        NotSignedInError: The setting names nobody of this house.
    """
    username = current_app.config.get(LOOPBACK_USER)
    if not username or not _is_program_of_this_machine():
        return None
    person = people.known_person(context.house(), username)
    if person is None:
        raise NotSignedInError(
            f"Expected {LOOPBACK_USER} to name a user, but there is no '{username}'.",
            loopback_user=username,
        )
    return person


def _is_program_of_this_machine() -> bool:
    if any(name in request.headers for name in _BROWSER_HEADERS):
        return False
    name = request.host.removesuffix(f":{_port_of(request.host)}")
    return name in _LOOPBACK_NAMES and ip_address(request.remote_addr or "0.0.0.0").is_loopback


def _port_of(host: str) -> str:
    return host.rpartition("]")[2].rpartition(":")[2]
