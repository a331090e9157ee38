"""Bearer tokens: programs and people make them, show them once, and end them."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from service.domain.errors import BadInputError, NotFoundError, NotSignedInError
from service.identity import Person, fingerprint, looks_like_token, make_token
from service.identity.tokens import RANDOM_BYTES
from service.persistence.people import person as find_person
from service.persistence.tables.house import api_tokens
from service.usecases.house import House

REFUSAL = "Expected a token in force, but this one is none."


def person_of_token(house: House, token: str) -> Person:
    """Return whose token it is.

    Raises:
        NotSignedInError: Unknown, ended or revoked, or its owner is no longer active.
    """
    known = _owner(house, token) if looks_like_token(token) else None
    if known is None:
        raise NotSignedInError(REFUSAL)
    return known


def create_token(
    house: House, person: Person, label: str, expires_at: datetime | None = None
) -> str:
    """Make a token for a person and return it; it is shown this once, only its fingerprint is stored.

    Args:
        house: The house.
        person: Whose rights it carries.
        label: What it is for, so that he finds it again.
        expires_at: When it ends by itself; None: never.

    Raises:
        BadInputError: An empty label, or an end that is over.
        NotFoundError: The person has no account.
    """
    if not label.strip():
        raise BadInputError("Expected 'label' to say what the token is for, but it is empty.")
    token = make_token(house.outside.random_bytes(RANDOM_BYTES))
    with house.database.unit(house.outside) as unit:
        if expires_at is not None and expires_at <= unit.now:
            raise BadInputError("Expected 'expires_at' to be in the future, but it is over.")
        if find_person(unit.connection, person.username) is None:
            raise NotFoundError(f"Expected to find user '{person.username}', but there is none.")
        unit.connection.execute(
            insert(api_tokens).values(
                sha256=fingerprint(token),
                username=person.username,
                label=label.strip(),
                created_at=unit.now,
                expires_at=expires_at,
            )
        )
        unit.record("token.created", who=person.username, after={"label": label.strip()})
        unit.commit()
    return token


def revoke_token(house: House, person: Person, sha256: str) -> None:
    """End a token of one's own, as an administrator anybody's; one that ended stays as it is.

    Args:
        house: The house.
        person: Who asks.
        sha256: The token's fingerprint, as lists show it.

    Raises:
        NotFoundError: No such token, or not his.
    """
    table = api_tokens
    with house.database.unit(house.outside) as unit:
        row = unit.connection.execute(select(table).where(table.c.sha256 == sha256)).one_or_none()
        if row is None or (row.username != person.username and not person.has_role("admin")):
            raise NotFoundError("Expected to find this token, but there is none of that print.")
        if row.revoked_at is not None:
            return
        unit.connection.execute(
            update(table).where(table.c.sha256 == sha256).values(revoked_at=unit.now)
        )
        unit.record(
            "token.revoked",
            who=person.username,
            before={"label": row.label, "username": row.username},
        )
        unit.commit()


def _owner(house: House, token: str) -> Person | None:
    sha256 = fingerprint(token)
    found = house.database.rare.recent(
        house.database.reading, ("token", sha256), lambda connection: _owned(connection, sha256)
    )
    if found is None or (found[1] is not None and found[1] <= house.outside.clock.now()):
        return None
    return found[0]


def _owned(connection: Connection, sha256: str) -> tuple[Person, datetime | None] | None:
    """Return the owner of a token that was not revoked, and when it ends."""
    table = api_tokens
    row = connection.execute(
        select(table).where(table.c.sha256 == sha256, table.c.revoked_at.is_(None))
    ).one_or_none()
    owner = None if row is None else find_person(connection, row.username)
    return None if row is None or owner is None else (owner, row.expires_at)
