"""Which authorizations have an effect here, and what each says; the others are refused with the reason.

An authorization of Camunda 8 gives an owner (a person, a program, a group, a role) permissions on the
resources of one type: on one of them by its id, or on all of them (`*`). Here a right comes from a role,
from a place in the company or from such a record; what stands in `HONOURED` is asked for by
`identity.policy` and the searches, and nothing else can be granted (docs/decisions: authorizations).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ALL = "*"
"""The id that means every resource of the type."""

OWNER_TYPES = ("CLIENT", "GROUP", "ROLE", "USER")


@dataclass(frozen=True)
class Grant:
    """One permission somebody has on one resource, or on all of a type (`ALL`)."""

    resource_type: str
    permission: str
    resource_id: str = ALL


@dataclass(frozen=True)
class Permissions:
    """What may be granted on the resources of a type.

    Attributes:
        of_one: Permissions on one resource by its id, or on all.
        of_all: Permissions on all resources only.
        reason: Why the other permissions of the type are not granted here.
        ids: All ids that resources of the type can have; empty: any.
    """

    of_one: frozenset[str] = frozenset()
    of_all: frozenset[str] = frozenset()
    reason: str = ""
    ids: frozenset[str] = frozenset()


def _permissions(
    of_one: str = "", of_all: str = "", reason: str = "", ids: str = ""
) -> Permissions:
    return Permissions(
        frozenset(of_one.split()), frozenset(of_all.split()), reason, frozenset(ids.split())
    )


_KEPT_BY_ADMINISTRATORS = (
    "people, groups, roles and authorizations are kept by administrators alone (role 'admin')"
)
_OPERATORS = "give the role 'operator' instead"

HONOURED: Mapping[str, Permissions] = {
    "AUDIT_LOG": _permissions(of_one="READ", ids="ADMIN DEPLOYED_RESOURCES USER_TASKS"),
    "AUTHORIZATION": _permissions(of_all="READ", reason=_KEPT_BY_ADMINISTRATORS),
    "BATCH": _permissions(reason=_OPERATORS),
    "CLUSTER_VARIABLE": _permissions(
        of_all="CREATE DELETE READ UPDATE",
    ),
    "COMPONENT": _permissions(reason="each page states the role it needs"),
    "DECISION_DEFINITION": _permissions(
        of_one="CREATE_DECISION_INSTANCE READ_DECISION_INSTANCE",
        of_all="DELETE_DECISION_INSTANCE",
        reason="every member of staff reads the definitions",
    ),
    "DECISION_REQUIREMENTS_DEFINITION": _permissions(
        reason="every member of staff reads the definitions"
    ),
    "DOCUMENT": _permissions(
        of_all="DELETE READ", reason="every member of staff may send documents"
    ),
    "EXPRESSION": _permissions(of_all="EVALUATE"),
    "GLOBAL_LISTENER": _permissions(
        of_all="CREATE_TASK_LISTENER DELETE_TASK_LISTENER READ_TASK_LISTENER UPDATE_TASK_LISTENER",
        reason="there are task listeners of all processes only",
    ),
    "GROUP": _permissions(of_all="READ", reason=_KEPT_BY_ADMINISTRATORS),
    "MAPPING_RULE": _permissions(reason="nobody signs in by claims here"),
    "MESSAGE": _permissions(
        of_all="CREATE", reason="who sees an instance sees the messages it waits for"
    ),
    "PROCESS_DEFINITION": _permissions(
        of_one="""CANCEL_PROCESS_INSTANCE CLAIM_USER_TASK COMPLETE_USER_TASK CREATE_PROCESS_INSTANCE
        READ_PROCESS_INSTANCE READ_USER_TASK UPDATE_USER_TASK""",
        of_all="UPDATE_PROCESS_INSTANCE",
        reason="every member of staff reads the definitions; for the rest give the role 'operator'",
    ),
    "RESOURCE": _permissions(
        of_all="CREATE DELETE_DRD DELETE_FORM DELETE_PROCESS DELETE_RESOURCE",
        reason="every member of staff reads what is deployed",
    ),
    "ROLE": _permissions(of_all="READ", reason=_KEPT_BY_ADMINISTRATORS),
    "SYSTEM": _permissions(
        of_all="READ_JOB_METRIC READ_USAGE_METRIC UPDATE",
        reason="whoever is signed in reads how the house is set",
    ),
    "TENANT": _permissions(reason="there is one tenant only"),
    "USER": _permissions(of_all="READ", reason=_KEPT_BY_ADMINISTRATORS),
    "USER_TASK": _permissions(
        of_one="CLAIM COMPLETE READ UPDATE",
    ),
}
"""Resource type -> what of it may be granted. A type that is not here is granted by nobody.

Source: Camunda 8 API v2, resource types and their permissions; docs/decisions/0009.
"""


def refusal(resource_type: str, resource_id: str, permissions: Collection[str]) -> str | None:
    """Return why these permissions cannot be granted here, or None when they can."""
    honoured = HONOURED.get(resource_type)
    if honoured is None:
        return f"there is nothing of the type '{resource_type}' here"
    if honoured.ids and resource_id not in honoured.ids | {ALL}:
        known = ", ".join(sorted(honoured.ids))
        return f"of the type '{resource_type}' there are {known} only, or all of them ('{ALL}')"
    for permission in sorted(permissions):
        if permission in honoured.of_one:
            continue
        if permission not in honoured.of_all:
            reason = honoured.reason or f"the type has no permission '{permission}'"
            return f"'{permission}' on '{resource_type}' would have no effect: {reason}"
        if resource_id != ALL:
            return f"'{permission}' on '{resource_type}' is granted on all of them only ('{ALL}')"
    return None
