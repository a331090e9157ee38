"""Groups: departments, posts and circles of people; who belongs to them (XC-P-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from service.domain.errors import (
    AlreadyExistsError,
    BadInputError,
    NotFoundError,
    WrongStateError,
)
from service.identity import Person, policy
from service.persistence.grants import forget_owner
from service.persistence.tables.house import groups, memberships, people
from service.persistence.tables.tasks import user_task_candidates
from service.persistence.unit import Unit
from service.persistence.upserts import insert_new
from service.usecases.accounts import keep_an_administrator, require_id
from service.usecases.house import House


@dataclass(frozen=True)
class GroupFacts:
    """What an administrator says of a group.

    Attributes:
        other_names: What tables, forms and papers call it beside its name.
        supervisor_group: Key of the group that is told when its work is late, or None.
    """

    name: str
    description: str | None = None
    other_names: tuple[str, ...] = ()
    is_department: bool = False
    supervisor_group: str | None = None


def create(house: House, person: Person, key: str, facts: GroupFacts) -> None:
    """Make a group.

    Raises:
        NotAllowedError: He is no administrator.
        AlreadyExistsError: The key is taken.
        BadInputError: No key, no name, a name that means another group, or an unknown supervisor.
    """
    policy.may_keep_people(person).require()
    require_id(key, "groupId")
    with house.database.unit(house.outside) as unit:
        _check(unit.connection, key, facts)
        row = {"key": key, "roles": [], **_columns(facts)}
        if not insert_new(unit.connection, groups, row):
            raise AlreadyExistsError(f"Expected a new group id, but '{key}' is taken.")
        unit.record("group.created", who=person.username, after={"group": key, **_columns(facts)})
        unit.commit()


def change(house: House, person: Person, key: str, facts: GroupFacts) -> None:
    """Change what is known of a group, all of it; members and roles stay.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such group.
        BadInputError: No name, a name that means another group, or an unknown supervisor.
        WrongStateError: It is the department of somebody and would be none any more.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        _change(unit, person, key, facts_of(_locked(unit.connection, key)), facts)
        unit.commit()


def rename(
    house: House, person: Person, key: str, name: str, description: str | None
) -> GroupFacts:
    """Change name and description of a group; the rest stays. Return what is known of it now.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such group.
        BadInputError: No name, or one that means another group.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        before = facts_of(_locked(unit.connection, key))
        facts = replace(before, name=name, description=description)
        _change(unit, person, key, before, facts)
        unit.commit()
    return facts


def _change(unit: Unit, person: Person, key: str, before: GroupFacts, facts: GroupFacts) -> None:
    _check(unit.connection, key, facts)
    if before.is_department and not facts.is_department:
        _refuse_while(unit.connection, key, _WORKS_IN)
    unit.connection.execute(update(groups).where(groups.c.key == key).values(**_columns(facts)))
    unit.record(
        "group.changed",
        who=person.username,
        before={"group": key, **_columns(before)},
        after={"group": key, **_columns(facts)},
    )


def remove(house: House, person: Person, key: str) -> None:
    """Delete a group; its members belong to it no more, and what authorizations gave it is gone.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such group.
        WrongStateError: Somebody works in it, it supervises another, open tasks wait for it, or nobody
            would be left who is administrator.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        row = _locked(unit.connection, key)
        for use in (_WORKS_IN, _SUPERVISES, _WAITS_FOR):
            _refuse_while(unit.connection, key, use)
        unit.connection.execute(delete(memberships).where(memberships.c.group_key == key))
        unit.connection.execute(delete(groups).where(groups.c.key == key))
        keep_an_administrator(unit.connection)
        forget_owner(unit.connection, "GROUP", key)
        before = {"group": key, **_columns(facts_of(row))}
        unit.record("group.deleted", who=person.username, before=before)
        unit.commit()


def add_member(
    house: House, person: Person, key: str, username: str, *, is_program: bool = False
) -> None:
    """Let somebody belong to a group: its tasks are his to claim at once.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such group, or no such person (program).
        AlreadyExistsError: He belongs to it.
    """
    policy.may_keep_people(person).require()
    with house.database.unit(house.outside) as unit:
        if _is_member(unit, key, username, is_program=is_program):
            raise AlreadyExistsError(
                f"Expected '{username}' not to belong to group '{key}', but he does."
            )
        unit.connection.execute(insert(memberships).values(group_key=key, username=username))
        told = {"group": key, "username": username}
        unit.record("group.member_added", who=person.username, after=told)
        unit.commit()


def remove_member(
    house: House, person: Person, key: str, username: str, *, is_program: bool = False
) -> None:
    """Let somebody belong to a group no more.

    Raises:
        NotAllowedError: He is no administrator.
        NotFoundError: No such group or person (program), or he does not belong to it.
        WrongStateError: Nobody would be left who is administrator.
    """
    policy.may_keep_people(person).require()
    table = memberships
    with house.database.unit(house.outside) as unit:
        if not _is_member(unit, key, username, is_program=is_program):
            raise NotFoundError(
                f"Expected '{username}' to belong to group '{key}', but he does not."
            )
        unit.connection.execute(
            delete(table).where(table.c.group_key == key, table.c.username == username)
        )
        keep_an_administrator(unit.connection)
        told = {"group": key, "username": username}
        unit.record("group.member_removed", who=person.username, before=told)
        unit.commit()


def facts_of(row: Row[Any]) -> GroupFacts:
    """Return what a row of `groups` says."""
    return GroupFacts(
        name=row.name,
        description=row.description,
        other_names=tuple(row.other_names),
        is_department=row.is_department,
        supervisor_group=row.supervisor_group,
    )


def require_account(connection: Connection, username: str, *, is_program: bool) -> None:
    """Go on when there is such a person, or such a program.

    Raises:
        NotFoundError: There is none.
    """
    query = select(people.c.is_program).where(people.c.username == username, ~people.c.is_deleted)
    found = connection.execute(query).scalar_one_or_none()
    if found is None or found != is_program:
        word = "client" if is_program else "user"
        raise NotFoundError(f"Expected to find {word} '{username}', but there is none.")


_WORKS_IN = (
    "department of nobody",
    lambda key: exists().where(people.c.department == key, ~people.c.is_deleted),
)
_SUPERVISES = (
    "supervisor of no other group",
    lambda key: exists().where(groups.c.supervisor_group == key, groups.c.key != key),
)
_WAITS_FOR = (
    "candidate of no open task",
    lambda key: exists().where(
        user_task_candidates.c.kind == "group", user_task_candidates.c.name == key
    ),
)


def _refuse_while(connection: Connection, key: str, use: tuple[str, Any]) -> None:
    expected, is_so = use
    if connection.execute(select(is_so(key))).scalar_one():
        raise WrongStateError(f"Expected group '{key}' to be the {expected}, but it is.")


def _is_member(unit: Unit, key: str, username: str, *, is_program: bool) -> bool:
    _locked(unit.connection, key)
    require_account(unit.connection, username, is_program=is_program)
    table = memberships
    query = select(exists().where(table.c.group_key == key, table.c.username == username))
    return bool(unit.connection.execute(query).scalar_one())


def _check(connection: Connection, key: str, facts: GroupFacts) -> None:
    if not facts.name.strip():
        raise BadInputError(
            "Expected 'name' to be what people read, but it is empty.", field="name"
        )
    rows = connection.execute(select(groups)).all()
    if facts.supervisor_group and facts.supervisor_group not in {row.key for row in rows}:
        raise BadInputError(
            f"Expected a known supervising group, but got '{facts.supervisor_group}'."
        )
    taken = {
        name: row.key
        for row in rows
        if row.key != key
        for name in (row.key, row.name, *row.other_names)
    }
    for name in (key, facts.name, *facts.other_names):
        if name in taken:
            raise BadInputError(
                f"Expected a name for one group, but '{name}' means group '{taken[name]}'.",
                field="name",
            )


def _columns(facts: GroupFacts) -> dict[str, Any]:
    others: Sequence[str] = facts.other_names
    return {
        "name": facts.name,
        "description": facts.description,
        "other_names": list(others),
        "is_department": facts.is_department,
        "supervisor_group": facts.supervisor_group,
    }


def _locked(connection: Connection, key: str) -> Row[Any]:
    """Lock a group and return it: nobody changes it until the transaction ends."""
    query = select(groups).where(groups.c.key == key).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"Expected to find group '{key}', but there is none.")
    return row
