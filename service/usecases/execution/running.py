"""A process instance while one transaction works on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from service import engine
from service.domain.errors import WrongStateError
from service.engine.values import Instance
from service.persistence.json_values import json_text
from service.persistence.scopes import (
    PartlyRead,
    Scopes,
    live_scopes,
    live_scopes_among,
    live_scopes_of,
)
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases.definitions import Definitions, LoadedProcess
from service.usecases.execution.document_references import take_in

SUSPENDED = "SUSPENDED"
LIVE_STATES = ("ACTIVE", SUSPENDED)
"""States of instances that have not ended."""

WIDE_BYTES = 1000
"""The size of an engine state from which on looking into it costs less than reading all variables."""


@dataclass
class RunningInstance:
    """The row of an instance, its engine state and its variables, changed in memory until `save`.

    Attributes:
        case_no: Number of the case when it was opened in this transaction, else None.
        touched: Scope key and name of each variable written in this transaction.
        state_name: `ACTIVE`, `SUSPENDED`, `COMPLETED` or `TERMINATED`.
        suspended_at: Since when it is suspended, else None.
    """

    key: int
    process: LoadedProcess
    engine_state: bytes
    scopes: Scopes
    root_key: int
    case_key: int | None
    parent_instance_key: int | None
    parent_element_instance_key: int | None
    call_depth: int
    row_version: int
    case_no: str | None = None
    business_id: str | None = None
    start_message_name: str | None = None
    start_correlation_key: str | None = None
    state_name: str = "ACTIVE"
    has_incident: bool = False
    suspended_at: datetime | None = None
    touched: set[tuple[int, str]] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)

    @property
    def is_live(self) -> bool:
        """Whether it has not ended; it may be suspended."""
        return self.state_name in LIVE_STATES

    @property
    def is_suspended(self) -> bool:
        """Whether an operator has suspended it: it waits, and nothing may advance it."""
        return self.state_name == SUSPENDED

    @property
    def root_variables(self) -> dict[str, Any]:
        """The variables of the root scope; JSON values."""
        return self.scopes.setdefault(self.key, {})

    def value(self) -> Instance:
        """Return what the engine is given."""
        return Instance(self.key, self.engine_state, self.scopes)

    def write(self, scope_key: int, name: str, value: Any) -> None:
        """Set a variable in memory; `save` writes it, unless its row holds that value already."""
        scope = self.scopes.setdefault(scope_key, {})
        if name in scope and _is_same(scope[name], value):
            return
        scope[name] = value
        self.touched.add((scope_key, name))


def _is_same(before: Any, now: Any) -> bool:
    """Tell whether two JSON values are written alike: for Python 1, 1.0 and True are equal.

    A container that is the very same object may have been changed in place: it counts as another.
    """
    if before is now:
        return before is None or isinstance(before, str | int | float)
    return type(before) is type(now) and before == now and json_text(before) == json_text(now)


def loaded(connection: Connection, definitions: Definitions, row: Row[Any]) -> RunningInstance:
    """Return the instance of its locked row, with its variables.

    Args:
        connection: Where to read; the variables must be read by a statement after the one that locked.
        definitions: Where its process is found.
        row: Of `process_instances`.

    Raises:
        WrongStateError: It has ended.
    """
    return loaded_together(connection, definitions, [row])[0]


def loaded_around(
    connection: Connection,
    definitions: Definitions,
    row: Row[Any],
    element_instance_key: int,
    scopes: Scopes | None = None,
) -> RunningInstance:
    """Return the instance of its locked row, for a command at one of its live element instances.

    Where many wait, only the variables that this one sees are read; the others when they are asked for.
    Arguments and errors as `loaded`; `scopes`: its live variables, where they have been read.
    """
    if row.state not in LIVE_STATES:
        raise not_active(row.key, row.state)
    if scopes is not None:
        return _instance(connection, definitions, row, scopes)
    if len(row.engine_state) < WIDE_BYTES:
        return loaded(connection, definitions, row)
    seen, others = engine.other_scopes(row.engine_state, element_instance_key)
    partly = PartlyRead(
        live_scopes_among(connection, seen),
        others,
        lambda: live_scopes(connection, row.key),
    )
    return _instance(connection, definitions, row, partly)


def loaded_together(
    connection: Connection, definitions: Definitions, rows: Sequence[Row[Any]]
) -> list[RunningInstance]:
    """Return the instances of locked rows, their variables read together; arguments and errors as `loaded`."""
    for row in rows:
        if row.state not in LIVE_STATES:
            raise not_active(row.key, row.state)
    scopes_by_key = live_scopes_of(connection, [row.key for row in rows])
    return [_instance(connection, definitions, row, scopes_by_key[row.key]) for row in rows]


def _instance(
    connection: Connection,
    definitions: Definitions,
    row: Row[Any],
    scopes: Scopes,
) -> RunningInstance:
    return RunningInstance(
        key=row.key,
        process=definitions.process(connection, row.process_key),
        engine_state=row.engine_state,
        scopes=scopes,
        root_key=row.root_key,
        case_key=row.case_key,
        parent_instance_key=row.parent_instance_key,
        parent_element_instance_key=row.parent_element_instance_key,
        call_depth=row.call_depth,
        business_id=row.business_id,
        row_version=row.row_version,
        start_message_name=row.start_message_name,
        start_correlation_key=row.start_correlation_key,
        state_name=row.state,
        has_incident=row.has_incident,
        suspended_at=row.suspended_at,
    )


def not_active(instance_key: int, state: str) -> WrongStateError:
    """Return the refusal of a command that needs an active instance."""
    detail = f"Expected process instance '{instance_key}' to be active, but it is {state}."
    if state == SUSPENDED:
        return WrongStateError(detail, reason="suspended", key=instance_key, state=state)
    return WrongStateError(detail, key=instance_key, state=state)


def save(unit: Unit, instance: RunningInstance) -> None:
    """Write the engine state, the row and the variables that changed.

    A row that somebody else wrote since it was loaded (a lock was bypassed) makes the unit's next
    writing fail as busy.
    """
    unit.update(
        instances.process_instances,
        instance.key,
        {
            "engine_state": instance.engine_state,
            "state": instance.state_name,
            "has_incident": instance.has_incident,
            "ended_at": None if instance.is_live else unit.now,
            "suspended_at": instance.suspended_at if instance.is_suspended else None,
            "row_version": instance.row_version + 1,
        },
        guard=("row_version", instance.row_version),
    )
    instance.row_version += 1
    _save_variables(unit, instance)


def _save_variables(unit: Unit, instance: RunningInstance) -> None:
    """Write what was set, and of scopes that have ended in the instance all: no longer live.

    Those of the root end with the instance and keep their rows as they are: of an instance that has
    ended nobody asks what is seen from inside, and rewriting all is most of what its last step costs.
    """
    written = {*instance.touched}
    dropped = instance.dropped - {instance.key}
    for scope_key in dropped:
        written.update((scope_key, name) for name in instance.scopes.get(scope_key, ()))
    rows = [
        {
            "key": unit.new_key(),
            "instance_key": instance.key,
            "root_key": instance.root_key,
            "scope_key": scope_key,
            "name": name,
            "value": json_text(instance.scopes[scope_key][name]),
            "is_live": scope_key not in dropped,
        }
        for scope_key, name in sorted(written)
        if name in instance.scopes.get(scope_key, {})
    ]
    unit.put(instances.variables, ("scope_key", "name"), ("value", "is_live"), rows)
    take_in(unit, instance.key, (str(row["value"]) for row in rows))
    instance.touched.clear()
    instance.dropped.clear()
