"""Cluster variables of the tenant: expressions see them above the parameters, which hold for all."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from service.domain.cluster_variables import ClusterVariable, require_metadata, require_name
from service.domain.errors import AlreadyExistsError, NotFoundError
from service.identity import Person, policy
from service.persistence.tables.house import tenant_variables as table
from service.persistence.upserts import insert_new
from service.usecases.house import House


def make(
    house: House, person: Person, name: str, value: Any, metadata: Mapping[str, Any]
) -> ClusterVariable:
    """Make a variable; expressions read it as `camunda.vars.tenant.<name>`.

    Raises:
        NotAllowedError: He is no administrator and not authorized.
        AlreadyExistsError: There is one of that name.
        BadInputError: The name cannot stand in an expression; metadata that are none.
    """
    policy.may_keep_variables(person, "CREATE").require()
    require_name(name)
    require_metadata(metadata)
    with house.database.unit(house.outside) as unit:
        told = {"key": name, "value": value, "metadata": dict(metadata) or None}
        changed = {"changed_by": person.username, "changed_at": unit.now}
        if not insert_new(unit.connection, table, told | changed):
            raise AlreadyExistsError(
                f"Expected a new cluster variable of the tenant, but '{name}' is there."
            )
        unit.record("tenant_variable.created", who=person.username, after=told)
        unit.commit()
    return ClusterVariable(name, value, metadata)


def change(
    house: House, person: Person, name: str, value: Any, metadata: Mapping[str, Any] | None
) -> ClusterVariable:
    """Give a variable another value and, unless they are None, other metadata; return it.

    Raises:
        NotAllowedError: He is no administrator and not authorized.
        NotFoundError: There is none of that name.
        BadInputError: Metadata that are none.
    """
    policy.may_keep_variables(person, "UPDATE").require()
    require_metadata(metadata or {})
    with house.database.unit(house.outside) as unit:
        row = _existing(unit.connection, name)
        said = row.metadata if metadata is None else dict(metadata) or None
        unit.connection.execute(
            update(table)
            .where(table.c.key == name)
            .values(value=value, metadata=said, changed_by=person.username, changed_at=unit.now)
        )
        unit.record(
            "tenant_variable.changed",
            who=person.username,
            before={"key": name, "value": row.value, "metadata": row.metadata},
            after={"key": name, "value": value, "metadata": said},
        )
        unit.commit()
    return ClusterVariable(name, value, said or {})


def remove(house: House, person: Person, name: str) -> None:
    """Delete a variable: where there is a parameter of its name, expressions see that again.

    Raises:
        NotAllowedError: He is no administrator and not authorized.
        NotFoundError: There is none of that name.
    """
    policy.may_keep_variables(person, "DELETE").require()
    with house.database.unit(house.outside) as unit:
        row = _existing(unit.connection, name)
        unit.connection.execute(delete(table).where(table.c.key == name))
        before = {"key": name, "value": row.value, "metadata": row.metadata}
        unit.record("tenant_variable.deleted", who=person.username, before=before)
        unit.commit()


def _existing(connection: Connection, name: str) -> Row[Any]:
    """Lock a variable and return it: nobody changes it until the transaction ends."""
    query = select(table).where(table.c.key == name).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected to find cluster variable '{name}' of the tenant, but there is none.",
            key=name,
        )
    return row
