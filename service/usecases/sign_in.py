"""Signing in with user name and password, and how guessing is stopped."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Connection, insert, select, update

from service.domain.errors import NotSignedInError, OverloadedError
from service.identity import Person, hash_password, needs_rehash, verify_password
from service.identity.passwords import SALT_BYTES
from service.persistence.people import person as find_person
from service.persistence.tables.house import people, sign_in_failures
from service.usecases.house import House

FAILURES = 10
"""Failed attempts for one user name, or from one address, within `WINDOW`: one more is not looked at."""

WINDOW = timedelta(minutes=15)

DECOY = "$argon2id$v=19$m=19456,t=2,p=1$ZNFzwH9etfezVZcqsPkLuA$rkqvJXdCUTAU+mcffYwwu05/e0yAlTIN8N2PlBDFAI0"
"""Hash of a random text that nobody kept: checked for unknown users, so that they take as long."""

GUESSING = "guessing"
"""Why nothing was looked at, among the facts of the refusal."""

REFUSAL = "Expected a known user name and its password, but they do not fit."


def sign_in(house: House, username: str, password: str, address: str) -> Person:
    """Return who signs in. An unknown user and a wrong password look alike and take as long.

    Args:
        house: The house.
        username: As it was typed.
        password: As it was typed.
        address: From where; failures of one address count together, an empty one is not counted.

    Raises:
        NotSignedInError: They do not fit, or the person is no longer active.
        OverloadedError: `FAILURES` failed within `WINDOW`; nothing was looked at.
    """
    with house.database.reading() as connection:
        _refuse_guessing(connection, username, address, house.outside.clock.now())
        stored = _stored_hash(connection, username)
        known = find_person(connection, username)
    is_right = verify_password(password, stored or DECOY)
    if not is_right or known is None or stored is None:
        _note_failure(house, username, address)
        raise NotSignedInError(REFUSAL)
    if needs_rehash(stored):
        _renew_hash(house, username, password)
    return known


def _refuse_guessing(connection: Connection, username: str, address: str, now: datetime) -> None:
    table = sign_in_failures
    _refuse_more(connection, table.c.username == username, now)
    if address:
        _refuse_more(connection, table.c.address == address, now)


def _refuse_more(connection: Connection, condition: ColumnElement[bool], now: datetime) -> None:
    table = sign_in_failures
    oldest_counted = connection.execute(
        select(table.c.at)
        .where(condition, table.c.at > now - WINDOW)
        .order_by(table.c.at.desc())
        .offset(FAILURES - 1)
        .limit(1)
    ).scalar_one_or_none()
    if oldest_counted is not None:
        wait = oldest_counted + WINDOW - now
        raise OverloadedError(
            f"Expected fewer than {FAILURES} failed sign-ins in {WINDOW}, but there were as many.",
            retry_after_s=ceil(wait.total_seconds()),
            reason=GUESSING,
        )


def _stored_hash(connection: Connection, username: str) -> str | None:
    return connection.execute(
        select(people.c.password_hash).where(people.c.username == username, people.c.is_active)
    ).scalar_one_or_none()


def _note_failure(house: House, username: str, address: str) -> None:
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            insert(sign_in_failures).values(
                key=unit.new_key(), username=username, address=address, at=unit.now
            )
        )
        unit.commit()


def _renew_hash(house: House, username: str, password: str) -> None:
    """Store the password under the parameters of today."""
    renewed = hash_password(password, house.outside.random_bytes(SALT_BYTES))
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            update(people).where(people.c.username == username).values(password_hash=renewed)
        )
        unit.commit()
