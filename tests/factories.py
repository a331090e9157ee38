"""Makes what tests need, with full defaults: a test names only what matters to it."""

from typing import Any

from service.identity import Person
from service.persistence.people import person as find_person
from service.usecases import people
from service.usecases.house import House

PASSWORD = "right-password"
"""The password of everybody in `directory()`."""


def group(key: str, name: str, **changes: Any) -> dict[str, Any]:
    """Return a group of a directory: a department without other names or supervisor."""
    entry = {"other_names": [], "is_department": True, "supervisor_group": None}
    return {"key": key, "name": name, **entry, **changes}


def member(username: str, *groups: str, **changes: Any) -> dict[str, Any]:
    """Return a person of a directory: staff, of the department that is his first group."""
    entry = {
        "name": username.title(),
        "email": f"{username}@example.com",
        "groups": list(groups),
        "roles": ["staff"],
        "department": groups[0] if groups else None,
    }
    return {"username": username, **entry, **changes}


def directory() -> dict[str, Any]:
    """Return a small company: three departments, a circle of managers, and who keeps the house."""
    return {
        "password": PASSWORD,
        "groups": [
            group("cs", "客服部", other_names=["客服"]),
            group("quality", "质量部", supervisor_group="quality_manager"),
            group("finance", "财务部"),
            group("quality_manager", "质量部经理", is_department=False),
        ],
        "people": [
            member("carla", "cs"),
            member("chen", "cs"),
            member("quinn", "quality"),
            member("qiao", "quality"),
            member("maria", "quality", "quality_manager"),
            member("fang", "finance"),
            member("admin", roles=["admin", "staff"]),
            member("owner", roles=["process_owner", "staff"]),
            member("rita", roles=["rules_admin", "staff"]),
            member("olga", roles=["operator", "staff"]),
            member("aude", roles=["auditor", "staff"]),
            member("worker", roles=["operator"], email=None, is_program=True),
        ],
    }


def load_people(house: House) -> dict[str, Person]:
    """Let everybody of `directory()` work in the house and return them by user name."""
    wanted = directory()
    people.load_directory(house, wanted)
    with house.database.reading() as connection:
        found = [find_person(connection, entry["username"]) for entry in wanted["people"]]
    return {one.username: one for one in found if one is not None}
