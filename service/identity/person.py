"""Who somebody is: a member of staff or a program. Customers are nobody here (XC-P-3)."""

from dataclasses import dataclass
from types import MappingProxyType

ROLES = MappingProxyType(
    {
        "staff": "员工",
        "admin": "系统管理员",
        "process_owner": "流程管理员",
        "rules_admin": "规则管理员",
        "operator": "运维",
        "auditor": "审计",
    }
)
"""Every role and its Chinese name. Roles are rights; groups are places in the company."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in.

    Attributes:
        username: Unique; what task assignments name.
        name: What people read.
        email: None when he has none: then only the inbox reaches him.
        groups: Keys of the groups he belongs to (`quality`, `finance`).
        roles: Keys of `ROLES`.
        department: Key of his department, or None.
        is_program: True for an API client.

    Raises:
        ValueError: A role is none of `ROLES`.
    """

    username: str
    name: str
    email: str | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset({"staff"})
    department: str | None = None
    is_program: bool = False

    def __post_init__(self) -> None:
        unknown = self.roles - ROLES.keys()
        if unknown:
            raise ValueError(f"Expected roles of {sorted(ROLES)}, but got {sorted(unknown)}.")

    def has_role(self, *roles: str) -> bool:
        """Tell whether he holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_operating_program(self) -> bool:
        """Whether this is an API client that acts for the house (role `operator`)."""
        return self.is_program and self.has_role("operator")
