"""Authorizations: what an owner may do with resources of a type, record by record (docs/decisions/0009)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.domain.errors import AlreadyExistsError, BadInputError, NotFoundError
from service.identity import Person, policy
from service.identity.grants import OWNER_TYPES, refusal
from service.persistence.tables.house import groups
from service.persistence.tables.rights import authorizations
from service.persistence.unit import Unit
from service.usecases.groups import require_account
from service.usecases.house import House
from service.usecases.roles import require_role


@dataclass(frozen=True)
class Authorization:
    """One record.

    Attributes:
        owner_type: One of `identity.grants.OWNER_TYPES`.
        resource_id: The resource, or `*` for all of the type.
        permission_types: At least one.
    """

    owner_type: str
    owner_id: str
    resource_type: str
    resource_id: str
    permission_types: tuple[str, ...]


def create(house: House, person: Person, record: Authorization) -> int:
    """Keep a record and return its key; it counts at once.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such owner.
        AlreadyExistsError: One of the permissions is granted to the owner by a record for this very resource.
        BadInputError: It would have no effect here; the text says why.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, record)
        _require_new(unit.connection, record)
        key = unit.new_key()
        unit.connection.execute(insert(authorizations).values(key=key, **_columns(record)))
        told = {"authorization": str(key), **_columns(record)}
        unit.record("authorization.created", who=person.username, after=told)
        unit.commit()
    return key


def change(house: House, person: Person, key: int, record: Authorization) -> None:
    """Put another record in the place of one.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such record, or no such owner.
        BadInputError: It would have no effect here; the text says why.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        before = _required(unit, key)
        _check(unit.connection, record)
        unit.connection.execute(
            update(authorizations).where(authorizations.c.key == key).values(**_columns(record))
        )
        after = {"authorization": str(key), **_columns(record)}
        unit.record("authorization.changed", who=person.username, before=before, after=after)
        unit.commit()


def remove(house: House, person: Person, key: int) -> None:
    """Delete a record; what it granted is granted no more.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such record.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        before = _required(unit, key)
        unit.connection.execute(delete(authorizations).where(authorizations.c.key == key))
        unit.record("authorization.deleted", who=person.username, before=before)
        unit.commit()


def _check(connection: Connection, record: Authorization) -> None:
    if not record.permission_types:
        raise BadInputError("Expected at least one permission.", field="permissionTypes")
    reason = refusal(record.resource_type, record.resource_id, record.permission_types)
    if reason is not None:
        raise BadInputError(f"Expected what can be granted here, but {reason}.")
    if record.owner_type == "MAPPING_RULE":
        raise NotFoundError(
            f"Expected to find mapping rule '{record.owner_id}', but there is none."
        )
    if record.owner_type not in OWNER_TYPES:
        raise BadInputError(
            f"Expected an owner of the types {', '.join(OWNER_TYPES)}, but got "
            f"'{record.owner_type}'.",
            field="ownerType",
        )
    _require_owner(connection, record.owner_type, record.owner_id)


def _require_new(connection: Connection, record: Authorization) -> None:
    query = select(authorizations.c.permission_types).where(
        authorizations.c.owner_type == record.owner_type,
        authorizations.c.owner_id == record.owner_id,
        authorizations.c.resource_type == record.resource_type,
        authorizations.c.resource_id == record.resource_id,
    )
    wanted = set(record.permission_types)
    if any(wanted.intersection(granted) for granted in connection.execute(query).scalars()):
        raise AlreadyExistsError(
            f"Expected to create authorization for owner '{record.owner_id}' for resource identifier "
            f"'{record.resource_id}', but an authorization for this resource identifier already exists."
        )


def _require_owner(connection: Connection, owner_type: str, owner_id: str) -> None:
    if owner_type == "ROLE":
        require_role(connection, owner_id)
    elif owner_type == "GROUP":
        query = select(groups.c.key).where(groups.c.key == owner_id)
        if connection.execute(query).first() is None:
            raise NotFoundError(f"Expected to find group '{owner_id}', but there is none.")
    else:
        require_account(connection, owner_id, is_program=owner_type == "CLIENT")


def _columns(record: Authorization) -> dict[str, Any]:
    return {
        "owner_type": record.owner_type,
        "owner_id": record.owner_id,
        "resource_type": record.resource_type,
        "resource_id": record.resource_id,
        "permission_types": sorted(set(record.permission_types)),
    }


def _required(unit: Unit, key: int) -> dict[str, Any]:
    table = authorizations
    row = unit.connection.execute(select(table).where(table.c.key == key)).one_or_none()
    if row is None:
        raise NotFoundError(f"Expected to find authorization '{key}', but there is none.")
    return {"authorization": str(key), **{k: v for k, v in row._mapping.items() if k != "key"}}
