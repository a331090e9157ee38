"""A directory as it is written in JSON, read and checked: every name it uses must be there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.errors import BadInputError
from service.identity import ROLES


@dataclass(frozen=True)
class GroupEntry:
    """A group: a department, a post, or a circle of people.

    Attributes:
        other_names: What tables, forms and papers call it beside its name.
        supervisor_group: Key of the group that is told when its work is late, or None.
    """

    key: str
    name: str
    other_names: tuple[str, ...]
    is_department: bool
    supervisor_group: str | None


@dataclass(frozen=True)
class PersonEntry:
    """A person or a program."""

    username: str
    name: str
    email: str | None
    groups: frozenset[str]
    roles: frozenset[str]
    department: str | None
    is_program: bool


@dataclass(frozen=True)
class Directory:
    """A whole directory.

    Attributes:
        password: First password of everybody new, or None: they cannot sign in with one.
    """

    password: str | None
    groups: tuple[GroupEntry, ...]
    people: tuple[PersonEntry, ...]


def read_directory(directory: Mapping[str, Any]) -> Directory:
    """Return a directory in which every group, department and role that is used stands.

    Raises:
        BadInputError: A part is missing or of the wrong kind, a name is used twice, or one is unknown.
    """
    try:
        read = Directory(
            password=directory.get("password"),
            groups=tuple(_group(entry) for entry in directory["groups"]),
            people=tuple(_person(entry) for entry in directory["people"]),
        )
    except KeyError as error:
        raise BadInputError(
            f"Expected a directory of groups and people, but {error} is missing.",
            message=f"组织文件里缺少 {error}。",
        ) from error
    except (TypeError, AttributeError) as error:
        raise BadInputError(
            f"Expected a directory of groups and people, but: {error}.",
            message=f"组织文件的格式不对，应与 demo/organisation.json 相同：{error}。",
        ) from error
    _check_names(read)
    _check_references(read)
    return read


def _group(entry: Mapping[str, Any]) -> GroupEntry:
    return GroupEntry(
        key=entry["key"],
        name=entry["name"],
        other_names=tuple(entry.get("other_names", ())),
        is_department=bool(entry.get("is_department", False)),
        supervisor_group=entry.get("supervisor_group"),
    )


def _person(entry: Mapping[str, Any]) -> PersonEntry:
    return PersonEntry(
        username=entry["username"],
        name=entry["name"],
        email=entry.get("email"),
        groups=frozenset(entry.get("groups", ())),
        roles=frozenset(entry.get("roles", ("staff",))),
        department=entry.get("department"),
        is_program=bool(entry.get("is_program", False)),
    )


def _check_names(read: Directory) -> None:
    """Each name means one group, each user name one person."""
    means = [name for one in read.groups for name in {one.key, one.name, *one.other_names}]
    _refuse("a name for one group", "组的标识或名称重复", _twice(means))
    usernames = [one.username for one in read.people]
    _refuse("a user name for one person", "用户名重复", _twice(usernames))


def _check_references(read: Directory) -> None:
    keys = {one.key for one in read.groups}
    departments = {one.key for one in read.groups if one.is_department}
    told = {one.supervisor_group for one in read.groups if one.supervisor_group}
    belong = {key for one in read.people for key in one.groups}
    belong_to = {one.department for one in read.people if one.department}
    roles = {role for one in read.people for role in one.roles}
    _refuse("known groups", "没有这些组", (told | belong) - keys)
    _refuse("known departments", "没有这些部门", belong_to - departments)
    _refuse("known roles", f"没有这些角色（可用的是 {'、'.join(ROLES)}）", roles - ROLES.keys())


def _twice(names: Sequence[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


def _refuse(expected: str, chinese: str, wrong: set[str]) -> None:
    if wrong:
        raise BadInputError(
            f"Expected {expected}, but got {sorted(wrong)}.",
            message=f"组织文件里{chinese}：{'、'.join(sorted(wrong))}。",
        )
