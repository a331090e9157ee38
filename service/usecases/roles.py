"""Roles: the built-in ones and those of the house's own making; who holds them (XC-P-5)."""

from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update

from service.domain.errors import (
    AlreadyExistsError,
    BadInputError,
    NotFoundError,
    WrongStateError,
)
from service.identity import ROLES, Person, policy
from service.persistence.grants import forget_owner
from service.persistence.tables.house import groups, people
from service.persistence.tables.rights import roles
from service.persistence.unit import Unit
from service.persistence.upserts import insert_new
from service.usecases.accounts import keep_an_administrator, require_identifier
from service.usecases.groups import require_account
from service.usecases.house import House


def create(house: House, person: Person, role_id: str, name: str, description: str | None) -> None:
    """Make a role; it grants what authorizations will say of it.

    Raises:
        NotAllowedError: He is no administrator.
        AlreadyExistsError: The id is taken, by a built-in role too.
        BadInputError: No id or no name.
    """
    policy.may_keep_people(person).require()
    require_identifier(role_id, "roleId")
    _require_name(name)
    with house.database.unit(house.outside) as unit:
        told = {"role_id": role_id, "name": name, "description": description}
        if role_id in ROLES or not insert_new(unit.connection, roles, told):
            raise AlreadyExistsError(f"Expected a new role id, but '{role_id}' is taken.")
        unit.record("role.created", who=person.username, after=told)
        unit.commit()


def change(house: House, person: Person, role_id: str, name: str, description: str | None) -> None:
    """Change name and description of a role.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role.
        WrongStateError: It is a built-in one.
        BadInputError: No name.
    """
    policy.may_keep_people(person).require()
    _require_name(name)
    with house.database.unit(house.outside) as unit:
        row = _own(unit.connection, role_id)
        told = {"name": name, "description": description}
        unit.connection.execute(update(roles).where(roles.c.role_id == role_id).values(**told))
        unit.record(
            "role.changed",
            who=person.username,
            before={"role_id": role_id, "name": row.name, "description": row.description},
            after={"role_id": role_id, **told},
        )
        unit.commit()


def remove(house: House, person: Person, role_id: str) -> None:
    """Delete a role; nobody holds it any more, and what authorizations gave it is gone.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role.
        WrongStateError: It is a built-in one.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        row = _own(unit.connection, role_id)
        for table in (people, groups):
            for holder in unit.connection.execute(select(table).with_for_update()).all():
                if role_id in holder.roles:
                    _set_roles(unit, table, holder[0], set(holder.roles) - {role_id})
        unit.connection.execute(delete(roles).where(roles.c.role_id == role_id))
        forget_owner(unit.connection, "ROLE", role_id)
        told = {"role_id": role_id, "name": row.name, "description": row.description}
        unit.record("role.deleted", who=person.username, before=told)
        unit.commit()


def give_to_account(
    house: House, person: Person, role_id: str, username: str, *, is_program: bool = False
) -> None:
    """Give a role to somebody, or to a program.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role, or no such person (program).
        AlreadyExistsError: He holds it.
    """
    _give(house, person, role_id, people, username, is_program)


def take_from_account(
    house: House, person: Person, role_id: str, username: str, *, is_program: bool = False
) -> None:
    """Take a role from somebody, or from a program.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role or person (program), or he does not hold it.
        WrongStateError: Nobody would be left who is administrator.
    """
    _take(house, person, role_id, people, username, is_program)


def give_to_group(house: House, person: Person, role_id: str, group_key: str) -> None:
    """Give a role to a group: its members hold it while they belong to it.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role or group.
        AlreadyExistsError: The group holds it.
    """
    _give(house, person, role_id, groups, group_key, None)


def take_from_group(house: House, person: Person, role_id: str, group_key: str) -> None:
    """Take a role from a group.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such role or group, or the group does not hold it.
        WrongStateError: Nobody would be left who is administrator.
    """
    _take(house, person, role_id, groups, group_key, None)


def require_role(connection: Connection, role_id: str) -> None:
    """Go on when there is such a role, built in or not.

    Raises:
        NotFoundError: There is none.
    """
    if role_id not in ROLES and _row(connection, role_id) is None:
        raise NotFoundError(f"Expected to find role '{role_id}', but there is none.")


def _give(
    house: House, person: Person, role_id: str, table: Table, holder: str, is_program: bool | None
) -> None:
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        held = _held(unit.connection, role_id, table, holder, is_program)
        if role_id in held:
            raise AlreadyExistsError(
                f"Expected '{holder}' not to hold role '{role_id}', but it does."
            )
        _set_roles(unit, table, holder, held | {role_id})
        told = {"role_id": role_id, "holder": holder, "kind": table.name}
        unit.record("role.given", who=person.username, after=told)
        unit.commit()


def _take(
    house: House, person: Person, role_id: str, table: Table, holder: str, is_program: bool | None
) -> None:
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        held = _held(unit.connection, role_id, table, holder, is_program)
        if role_id not in held:
            raise NotFoundError(f"Expected '{holder}' to hold role '{role_id}', but it does not.")
        _set_roles(unit, table, holder, held - {role_id})
        keep_an_administrator(unit.connection)
        told = {"role_id": role_id, "holder": holder, "kind": table.name}
        unit.record("role.taken", who=person.username, before=told)
        unit.commit()


def _held(
    connection: Connection, role_id: str, table: Table, holder: str, is_program: bool | None
) -> set[str]:
    require_role(connection, role_id)
    if is_program is not None:
        require_account(connection, holder, is_program=is_program)
    key = table.primary_key.columns[0]
    query = select(table.c.roles).where(key == holder).with_for_update()
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"Expected to find group '{holder}', but there is none.")
    return set(found)


def _set_roles(unit: Unit, table: Table, holder: str, held: set[str]) -> None:
    key = table.primary_key.columns[0]
    unit.connection.execute(update(table).where(key == holder).values(roles=sorted(held)))


def _require_name(name: str) -> None:
    if not name.strip():
        raise BadInputError(
            "Expected 'name' to be what people read, but it is empty.", field="name"
        )


def _own(connection: Connection, role_id: str) -> Row[Any]:
    if role_id in ROLES:
        raise WrongStateError(f"Expected a role of the house's own, but '{role_id}' is built in.")
    row = _row(connection, role_id)
    if row is None:
        raise NotFoundError(f"Expected to find role '{role_id}', but there is none.")
    return row


def _row(connection: Connection, role_id: str) -> Row[Any] | None:
    return connection.execute(select(roles).where(roles.c.role_id == role_id)).one_or_none()
