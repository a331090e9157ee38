"""The beginning of an instance: its row, its case, how it was started."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.values import WHOLE, Part
from service.persistence.tables import instances
from service.persistence.unit import Unit
from service.usecases import cases
from service.usecases.definitions import LoadedProcess
from service.usecases.execution.messages import Buffered
from service.usecases.execution.running import RunningInstance


@dataclass(frozen=True)
class Start:
    """How an instance begins.

    Attributes:
        start_event: A message or timer start event; None: the none start event.
        message: The message it starts with, or None.
        business_id: Its business id, or None.
        inherits_business_id: Whether a called instance without one has that of its caller.
        part: Where else it begins, and after what it ends.
    """

    start_event: str | None = None
    message: Buffered | None = None
    business_id: str | None = None
    inherits_business_id: bool = True
    tags: tuple[str, ...] = ()
    part: Part = WHOLE


def new_instance(
    unit: Unit,
    process: LoadedProcess,
    start: Start,
    caller: tuple[RunningInstance, int] | None,
) -> RunningInstance:
    """Return an instance in memory, under its caller if it has one; its business id is the caller's."""
    key = unit.new_key()
    parent, element_key = caller if caller is not None else (None, None)
    inherited = parent.business_id if parent and start.inherits_business_id else None
    return RunningInstance(
        key=key,
        process=process,
        engine_state=b"",
        scopes={},
        root_key=parent.root_key if parent else key,
        case_key=parent.case_key if parent else None,
        parent_instance_key=parent.key if parent else None,
        parent_element_instance_key=element_key,
        call_depth=parent.call_depth + 1 if parent else 0,
        row_version=0,
        business_id=start.business_id or inherited,
        start_message_name=start.message.name if start.message else None,
        start_correlation_key=start.message.correlation_key if start.message else None,
    )


def open_case(
    unit: Unit, instance: RunningInstance, given: Mapping[str, Any], who: str
) -> dict[str, Any]:
    """Open the case of a root instance, if its process has cases; return the variables that every case has.

    Source: docs/dialect.md §2, §8.
    """
    pattern = instance.process.model.properties.get("caseNumber")
    if not pattern:
        return {}
    opened = cases.open_case(
        unit,
        pattern=pattern,
        process_id=instance.process.process_id,
        root_instance_key=instance.key,
        variables=given,
        opened_by=who,
    )
    instance.case_key, instance.case_no = opened.key, opened.case_no
    return {
        "case_no": opened.case_no,
        "case_started_by": who,
        "case_started_at": unit.now.isoformat(),
        "overdue_nodes": [],
    }


def insert_row(unit: Unit, instance: RunningInstance, start: Start, who: str) -> None:
    """Write the row of a new instance; its state follows when it rests."""
    row = {
        "key": instance.key,
        "process_key": instance.process.key,
        "process_id": instance.process.process_id,
        "version": instance.process.version,
        "state": "ACTIVE",
        "parent_instance_key": instance.parent_instance_key,
        "parent_element_instance_key": instance.parent_element_instance_key,
        "root_key": instance.root_key,
        "case_key": instance.case_key,
        "call_depth": instance.call_depth,
        "started_by": who,
        "started_at": unit.now,
        "business_id": instance.business_id,
        "tags": list(start.tags),
        "start_message_name": instance.start_message_name,
        "start_correlation_key": instance.start_correlation_key,
        "engine_state": b"",
        "row_version": 0,
        "has_incident": False,
    }
    unit.insert(instances.process_instances, [row])
