"""Instances that events start: by a message at once, by what was kept for a key, by several together."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Row

from service.persistence.unit import Unit
from service.usecases.definitions import LoadedProcess
from service.usecases.execution import gathering, messages
from service.usecases.execution.running import RunningInstance
from service.usecases.execution.starting import Start
from service.usecases.house import House


class Starting(Protocol):
    """What of the running transaction is needed here."""

    unit: Unit
    house: House

    def start(
        self, process: LoadedProcess, variables: Mapping[str, Any], start: Start | None = None
    ) -> RunningInstance:
        """Create an instance and run it to its first wait states."""
        ...


def start_by(
    execution: Starting, process: LoadedProcess, trigger: gathering.Trigger
) -> RunningInstance | None:
    """Start an instance by an event; None: its start event waits for others besides."""
    together = gathering.take(execution.unit, process, trigger)
    if together is None:
        return None
    return _start_with(execution, process, trigger.element_id, together)


def start_by_message(execution: Starting, message: messages.Buffered) -> list[int]:
    """Start an instance of each process that a message starts and may start now; return their keys."""
    connection, started = execution.unit.connection, []
    used = messages.used_for(connection, message.key)
    for row in messages.start_events(connection, message.name):
        if row.process_id in used or messages.is_start_blocked(
            connection, row.process_id, message.correlation_key
        ):
            continue
        instance = _start_from(execution, row, message)
        if instance is not None:
            started.append(instance.key)
    return started


def start_next(execution: Starting, process_id: str, key: str) -> None:
    """Start the latest version of a process with the oldest message of a correlation key.

    It may be of any name that starts that version: the key alone held it back.
    """
    connection = execution.unit.connection
    names = messages.start_names(connection, process_id)
    while message := messages.oldest_for_start(execution.unit, names, key, process_id):
        for row in messages.start_events(connection, message.name):
            if row.process_id == process_id and _start_from(execution, row, message):
                return
    _start_kept(execution, process_id, key)


def _start_kept(execution: Starting, process_id: str, key: str) -> None:
    """Start the latest version with what came of its parallel multiple start events meanwhile."""
    connection = execution.unit.connection
    process_key = messages.listening_version(connection, process_id)
    if process_key is None:
        return
    process = execution.house.definitions.process(connection, process_key)
    kept = gathering.take_kept(execution.unit, process, key)
    if kept is not None:
        _start_with(execution, process, *kept)


def _start_from(
    execution: Starting, row: Row[Any], message: messages.Buffered
) -> RunningInstance | None:
    process = execution.house.definitions.process(execution.unit.connection, row.process_key)
    trigger = gathering.Trigger(row.element_id, row.part, message.variables, message)
    return start_by(execution, process, trigger)


def _start_with(
    execution: Starting, process: LoadedProcess, start_event: str, together: gathering.Together
) -> RunningInstance:
    given = (message.business_id for message in together.messages)
    start = Start(
        start_event,
        next(iter(together.messages), None),
        business_id=next(filter(None, given), None),
    )
    instance = execution.start(process, together.variables, start)
    for message in together.messages:
        messages.note_correlated(
            execution.unit, message, process.process_id, instance.key, start_event
        )
    return instance
