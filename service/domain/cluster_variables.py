"""Cluster variables: what they may be called, what may be said of them, and how expressions see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from service.domain.errors import BadInputError
from service.domain.identifiers import EXPECTED, is_identifier
from service.domain.told import told

MOST_ENTRIES = 100
"""Entries that the metadata of one variable may have."""

LONGEST_METADATA = MOST_ENTRIES * (256 + 8192)
"""Bytes of the metadata of one variable, as JSON."""


@dataclass(frozen=True)
class ClusterVariable:
    """A variable that expressions of all processes may read.

    Attributes:
        value: JSON.
        metadata: What is said of it, by name: strings and numbers.
    """

    name: str
    value: Any
    metadata: Mapping[str, Any]


def require_name(name: str) -> None:
    """Accept a name that the clients of the API can send.

    Expressions read one that they cannot write as a name by `get value(camunda.vars.env, "a-b")`.

    Raises:
        BadInputError: They cannot.
    """
    if not is_identifier(name):
        raise BadInputError(
            f"Expected 'name' to be {EXPECTED}, but got {told(name)}.",
            field="name",
            expected=EXPECTED,
            given=told(name),
        )


def require_metadata(metadata: Mapping[str, Any]) -> None:
    """Accept what is said of a variable: names, each with a string or a number.

    Raises:
        BadInputError: Another value, too many, or too long.

    Source: Camunda 8 API v2, `metadata` of cluster variables.
    """
    if len(metadata) > MOST_ENTRIES:
        raise BadInputError(
            f"Expected 'metadata' to have at most {MOST_ENTRIES} entries, but got {len(metadata)}.",
            field="metadata",
        )
    for name, value in metadata.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadInputError(
                f"Expected 'metadata.{name}' to be a string or a number, but got {told(value)}.",
                field=f"metadata.{name}",
                expected="a string or a number",
                given=told(value),
            )
    if len(orjson.dumps(metadata)) > LONGEST_METADATA:
        raise BadInputError(
            f"Expected 'metadata' to take at most {LONGEST_METADATA} bytes.", field="metadata"
        )


def platform(cluster: Mapping[str, Any], tenant: Mapping[str, Any]) -> dict[str, Any]:
    """Return what expressions see as `camunda` where no process instance is.

    In `env` a variable of the tenant stands above that of the cluster, whole, not merged.

    Source: Camunda 8, cluster variables, scope resolution.
    """
    return {
        "vars": {"cluster": dict(cluster), "tenant": dict(tenant), "env": {**cluster, **tenant}},
        "processInstance": {"key": None, "businessId": None},
    }


def platform_in(
    house: Mapping[str, Any], instance_key: int, business_id: str | None
) -> dict[str, Any]:
    """Return what the expressions of a process instance see as `camunda`.

    Source: Camunda 8.10 (`camunda.processInstance.key`, a number, and `camunda.processInstance.businessId`).
    """
    return {**house, "processInstance": {"key": instance_key, "businessId": business_id}}


def shadowed(below: Any, above: Any) -> Any:
    """Return the platform's values with those of a process variable `camunda` in front, path by path."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {name: shadowed(below.get(name), value) for name, value in above.items()}
