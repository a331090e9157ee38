"""Accounts: administrators make them, change them and set their passwords (XC-P-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.domain.errors import (
    AlreadyExistsError,
    BadInputError,
    NotFoundError,
    WrongStateError,
)
from service.domain.identifiers import EXPECTED, is_identifier
from service.domain.told import told
from service.forms import is_mail_address
from service.identity import ROLES, Person, hash_password, policy
from service.identity.passwords import SALT_BYTES
from service.persistence.grants import forget_owner
from service.persistence.tables.house import groups, memberships, people
from service.persistence.tables.rights import roles
from service.persistence.unit import Unit
from service.persistence.upserts import insert_new
from service.usecases.house import House

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
LONGEST_ID = 256


@dataclass(frozen=True)
class PersonFacts:
    """What an administrator says of a person.

    Attributes:
        groups: Keys of groups.
        roles: Keys of `identity.ROLES` or of the house's own roles; without any he may do nothing.
        department: Key of a group that is a department, or None.
        is_active: False: he cannot sign in and is reached no more; his history stays.
        is_program: An API client: no notification reaches it.
    """

    name: str
    email: str | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset({"staff"})
    department: str | None = None
    is_active: bool = True
    is_program: bool = False


def create_person(
    house: House, person: Person, username: str, facts: PersonFacts, password: str | None = None
) -> None:
    """Make an account; without a password he signs in by token or through the company's sign-in.

    Raises:
        NotAllowedError: `person` is no administrator.
        AlreadyExistsError: The user name is taken.
        BadInputError: A user name or mail address that cannot be one, an unknown role or group, an empty name,
            or a password too short or too long.
    """
    policy.may_keep_people(person).require()
    require_identifier(username, "username")
    stored = None if password is None else hashed(house, password)
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, facts)
        row = {"username": username, "password_hash": stored, **_columns(facts)}
        if not insert_new(unit.connection, people, row):
            raise _taken(unit.connection, username)
        _join(unit.connection, username, facts.groups)
        unit.record("person.created", who=person.username, after=_told(username, facts))
        unit.commit()


def update_person(house: House, person: Person, username: str, facts: PersonFacts) -> None:
    """Change what is known of a person, all of it; the password stays.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        BadInputError: An unknown role or group, no mail address, or an empty name.
        WrongStateError: Nobody would be left who is administrator.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, facts)
        before = _known(unit, username)
        _update(unit, username, _columns(facts))
        table = memberships
        unit.connection.execute(delete(table).where(table.c.username == username))
        _join(unit.connection, username, facts.groups)
        keep_an_administrator(unit.connection)
        _record_change(unit, person, username, before, facts)
        unit.commit()


def change_user(
    house: House,
    person: Person,
    username: str,
    name: str | None,
    email: str | None,
    password: str | None,
) -> PersonFacts:
    """Change name, address or password of somebody; what is None stays as it is.

    Another password ends all his sessions at once. Returns what is known of him now.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        BadInputError: An empty name, no mail address, or a password too short or too long.
    """
    policy.may_keep_people(person).require()
    stored = None if password is None else hashed(house, password)
    with house.database.unit(house.outside) as unit:
        before = _known(unit, username)
        after = replace(
            before,
            name=before.name if name is None else name,
            email=before.email if email is None else email.strip() or None,
        )
        _check(unit.connection, after)
        if after != before:
            _update(unit, username, _columns(after))
            _record_change(unit, person, username, before, after)
        if stored is not None:
            _replace_password(unit, person, username, stored)
        unit.commit()
    return after


def delete_person(house: House, person: Person, username: str) -> None:
    """Delete an account: he cannot sign in, belongs nowhere, and what authorizations gave him is gone.

    His name stays in the history and is given to nobody else; tasks he holds stay his until somebody
    hands them on.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        WrongStateError: Nobody would be left who is administrator.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        before = _known(unit, username)
        gone = {"is_active": False, "is_deleted": True, "password_hash": None}
        _update(unit, username, {**gone, "session_epoch": people.c.session_epoch + 1})
        unit.connection.execute(delete(memberships).where(memberships.c.username == username))
        keep_an_administrator(unit.connection)
        forget_owner(unit.connection, "CLIENT" if before.is_program else "USER", username)
        unit.record("person.deleted", who=person.username, before=_told(username, before))
        unit.commit()


def set_password(house: House, person: Person, username: str, password: str) -> None:
    """Give somebody another password; all his sessions end at once.

    Raises:
        NotAllowedError: `person` is no administrator.
        NotFoundError: No such person.
        BadInputError: Too short or too long.
    """
    policy.may_keep_people(person).require()
    stored = hashed(house, password)
    with house.database.unit(house.outside) as unit:
        _known(unit, username)
        _replace_password(unit, person, username, stored)
        unit.commit()


def _record_change(
    unit: Unit, person: Person, username: str, before: PersonFacts, after: PersonFacts
) -> None:
    unit.record(
        "person.changed",
        who=person.username,
        before=_told(username, before),
        after=_told(username, after),
    )


def keep_an_administrator(connection: Connection) -> None:
    """Go on while somebody active is administrator, himself or through a group; asked after the change.

    Two changes of people never come here side by side: the second waits at the count of such changes
    (`persistence.rare_facts`).

    Raises:
        WrongStateError: Nobody is.
    """
    is_member = memberships.c.username == people.c.username
    held = select(groups.c.roles).join(memberships, memberships.c.group_key == groups.c.key)
    queries = (select(people.c.roles), held.join(people, is_member))
    active = (connection.execute(query.where(people.c.is_active)).scalars() for query in queries)
    if not any("admin" in roles for roles in chain(*active)):
        raise WrongStateError("Expected an active administrator to remain, but none would.")


def _replace_password(unit: Unit, person: Person, username: str, stored: str) -> None:
    ended = people.c.session_epoch + 1
    _update(unit, username, {"password_hash": stored, "session_epoch": ended})
    unit.record("person.password_set", who=person.username, detail={"username": username})


def _update(unit: Unit, username: str, columns: Mapping[str, Any]) -> None:
    unit.connection.execute(update(people).where(people.c.username == username).values(**columns))


def _taken(connection: Connection, username: str) -> AlreadyExistsError:
    query = select(people.c.is_deleted).where(people.c.username == username)
    if connection.execute(query).scalar_one():
        why = f"'{username}' was somebody's whose history is kept"
    else:
        why = f"'{username}' is taken"
    return AlreadyExistsError(f"Expected a new user name, but {why}.")


def require_identifier(id_: str, field: str) -> None:
    """Go on when a text can name a person or role: the clients of the API refuse to read another one.

    Raises:
        BadInputError: Empty, too long, or with other characters.
    """
    if not is_identifier(id_):
        raise BadInputError(
            f"Expected '{field}' to be {EXPECTED}, but got {told(id_)}.",
            field=field,
            expected=EXPECTED,
            given=told(id_),
        )


def require_mail_address(email: str | None) -> None:
    """Go on when somebody can be written to, or has no address.

    Raises:
        BadInputError: It is no address.
    """
    if email is not None and not is_mail_address(email):
        raise BadInputError(
            f"Expected 'email' to be a mail address, but got {told(email)}.",
            field="email",
            expected="a mail address",
            given=told(email),
        )


def require_id(id_: str, field: str) -> None:
    """Go on when a text can name a group: also in a path of the API, and where diagrams name candidates.

    Raises:
        BadInputError: Empty, longer than `LONGEST_ID`, spaces around it, a slash or what cannot be seen.
    """
    is_whole = 0 < len(id_) <= LONGEST_ID and id_ == id_.strip()
    if not is_whole or "/" in id_ or not id_.isprintable() or id_ in (".", ".."):
        raise BadInputError(
            f"Expected '{field}' to be 1 to {LONGEST_ID} characters that can be seen, without a slash "
            "and without spaces around them.",
            field=field,
        )


def hashed(house: House, password: str) -> str:
    """Return the hash to store of a password.

    Raises:
        BadInputError: Too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInputError(
            f"Expected a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, "
            f"but got {len(password)}.",
            minimum=SHORTEST_PASSWORD,
            maximum=LONGEST_PASSWORD,
        )
    return hash_password(password, house.outside.random_bytes(SALT_BYTES))


def _check(connection: Connection, facts: PersonFacts) -> None:
    if not facts.name.strip():
        raise BadInputError("Expected 'name' to be what people read, but it is empty.")
    require_mail_address(facts.email)
    known_roles = ROLES.keys() | set(connection.execute(select(roles.c.role_id)).scalars())
    if unknown := facts.roles - known_roles:
        raise BadInputError(f"Expected roles of {sorted(known_roles)}, but got {sorted(unknown)}.")
    known = set(connection.execute(select(groups.c.key)).scalars())
    if unknown := facts.groups - known:
        raise BadInputError(f"Expected known groups, but got {sorted(unknown)}.")
    departments = select(groups.c.key).where(groups.c.is_department)
    if facts.department and facts.department not in set(connection.execute(departments).scalars()):
        raise BadInputError(f"Expected a known department, but got '{facts.department}'.")


def _known(unit: Unit, username: str) -> PersonFacts:
    """Lock a person and return his facts: what is left as it is must be what stands there."""
    facts = _facts(unit.connection, username)
    if facts is None:
        raise NotFoundError(f"Expected to find user '{username}', but there is none.")
    return facts


def _facts(connection: Connection, username: str) -> PersonFacts | None:
    query = select(people).where(people.c.username == username, ~people.c.is_deleted)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        return None
    belongs = select(memberships.c.group_key).where(memberships.c.username == username)
    return PersonFacts(
        name=row.name,
        email=row.email,
        groups=frozenset(connection.execute(belongs).scalars()),
        roles=frozenset(row.roles),
        department=row.department,
        is_active=row.is_active,
        is_program=row.is_program,
    )


def _columns(facts: PersonFacts) -> dict[str, Any]:
    columns = asdict(facts)
    del columns["groups"]
    return {**columns, "roles": sorted(facts.roles)}


def _join(connection: Connection, username: str, keys: Iterable[str]) -> None:
    rows = [{"group_key": key, "username": username} for key in sorted(keys)]
    if rows:
        connection.execute(insert(memberships), rows)


def _told(username: str, facts: PersonFacts) -> dict[str, Any]:
    """Return the facts as the history keeps them."""
    return {"username": username, **_columns(facts), "groups": sorted(facts.groups)}
