"""How roles are called."""

from service.identity import ROLES
from service.web.words.texts import gettext


def role_name(role: str) -> str:
    """Return how a role is called in the reader's language."""
    names = {
        "staff": gettext("员工"),
        "admin": gettext("系统管理员"),
        "process_owner": gettext("流程管理员"),
        "rules_admin": gettext("规则管理员"),
        "operator": gettext("运维"),
        "auditor": gettext("审计"),
    }
    return names.get(role, ROLES.get(role, role))
