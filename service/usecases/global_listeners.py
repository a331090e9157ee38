"""Task listeners of all processes: made, changed and removed over the API.

What is changed holds for whatever happens to user tasks from then on, of running instances too; a change of a
task that is under way keeps the listeners it began with.

Source: Camunda 8.9 global user task listeners.
"""

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select, update

from service.domain.errors import AlreadyExistsError, NotFoundError
from service.domain.global_listeners import GlobalListener
from service.identity import Person, policy
from service.persistence.tables.house import global_listeners as table
from service.persistence.unit import Unit
from service.persistence.upserts import insert_new
from service.usecases.house import House


def make(house: House, person: Person, listener: GlobalListener) -> None:
    """Make a listener.

    Raises:
        NotAllowedError: He is no process owner and not authorized.
        AlreadyExistsError: There is one of that id.
    """
    policy.may_keep_listeners(person, "CREATE").require()
    with house.database.unit(house.outside) as unit:
        if not insert_new(unit.connection, table, _values(unit, person, listener)):
            raise AlreadyExistsError(
                f"Expected a new global listener, but there is one with id '{listener.id}'."
            )
        unit.record("listener.created", who=person.username, after=_told(listener))
        unit.commit()


def change(house: House, person: Person, listener: GlobalListener) -> None:
    """Put a listener in the place of the one of its id.

    Raises:
        NotAllowedError: He is no process owner and not authorized.
        NotFoundError: There is none.
    """
    policy.may_keep_listeners(person, "UPDATE").require()
    with house.database.unit(house.outside) as unit:
        before = _existing(unit, listener.id)
        changed = update(table).where(table.c.id == listener.id)
        unit.connection.execute(changed.values(**_values(unit, person, listener)))
        after = _told(listener)
        unit.record("listener.changed", who=person.username, before=before, after=after)
        unit.commit()


def remove(house: House, person: Person, listener_id: str) -> None:
    """Remove a listener; whoever is being asked is still waited for.

    Raises:
        NotAllowedError: He is no process owner and not authorized.
        NotFoundError: There is none.
    """
    policy.may_keep_listeners(person, "DELETE").require()
    with house.database.unit(house.outside) as unit:
        before = _existing(unit, listener_id)
        unit.connection.execute(delete(table).where(table.c.id == listener_id))
        unit.record("listener.deleted", who=person.username, before=before)
        unit.commit()


def _told(listener: GlobalListener) -> dict[str, Any]:
    return {**asdict(listener), "event_types": list(listener.event_types)}


def _values(unit: Unit, person: Person, listener: GlobalListener) -> dict[str, Any]:
    return {**_told(listener), "changed_by": person.username, "changed_at": unit.now}


def _existing(unit: Unit, listener_id: str) -> dict[str, Any]:
    """Lock a listener and return what is said of it."""
    columns = [column for column in table.c if not column.name.startswith("changed_")]
    query = select(*columns).where(table.c.id == listener_id).with_for_update()
    row = unit.connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Expected a global listener with id '{listener_id}', but there is none.",
            key=listener_id,
        )
    return dict(row._mapping)
