"""Who somebody is: a member of staff or a program. Customers are nobody here (XC-P-3)."""

from dataclasses import dataclass, field
from types import MappingProxyType

from service.identity.grants import ALL, Grant

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
        other_roles: Ids of roles of the house's own making; they are rights only through `grants`.
        grants: What authorizations give him, himself or through his groups and roles.
        session_epoch: How often all his sessions were ended; a session of an earlier count is over.

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
    other_roles: frozenset[str] = frozenset()
    grants: frozenset[Grant] = frozenset()
    session_epoch: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        unknown = self.roles - ROLES.keys()
        if unknown:
            raise ValueError(f"Expected roles of {sorted(ROLES)}, but got {sorted(unknown)}.")

    def has_role(self, *roles: str) -> bool:
        """Tell whether he holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def is_granted(self, resource_type: str, permission: str, resource_id: str = ALL) -> bool:
        """Tell whether an authorization gives him this on that resource, by its id or on all."""
        if not self.grants:
            return False
        return any(
            Grant(resource_type, permission, each) in self.grants for each in (resource_id, ALL)
        )

    def granted_ids(self, resource_type: str, permission: str) -> frozenset[str]:
        """Return the ids of the resources on which authorizations give him this; `ALL` for all."""
        return frozenset(
            grant.resource_id
            for grant in self.grants
            if (grant.resource_type, grant.permission) == (resource_type, permission)
        )

    @property
    def is_known(self) -> bool:
        """Whether he has any right here; a customer has none."""
        return bool(self.roles or self.other_roles or self.grants)

    @property
    def is_operating_program(self) -> bool:
        """Whether this is an API client that acts for the house (role `operator`)."""
        return self.is_program and self.has_role("operator")
