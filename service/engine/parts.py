"""Running a part of a process: beginning at elements inside it, ending after others.

Source: Camunda 8 process instance creation: start instructions, runtime instructions.
"""

from typing import Any

from service.domain.errors import BadInputError
from service.engine.compiled import CompiledProcess
from service.engine.machine import Machine
from service.engine.modification import Activate, activate
from service.engine.values import IncidentRaised, Part
from service.feel import Text


def require_part(process: CompiledProcess, part: Part) -> None:
    """Check that a process can be run in part.

    Raises:
        BadInputError: It has no such element.
    """
    elements = process.model.elements
    for element_id in (*part.begins_at, *part.ends_after):
        if element_id not in elements or element_id == process.model.id:
            raise BadInputError(
                f"Expected '{element_id}' to be an element of the process '{process.model.id}', "
                "but it is none.",
                element_id=element_id,
            )


def notes_of(part: Part) -> dict[str, Any]:
    """Return what the root token remembers of a part."""
    notes: dict[str, Any] = {}
    if part.begins_at:
        notes["begins_inside"] = True
    if part.ends_after:
        notes["ends_after"] = list(part.ends_after)
    return notes


def _english(incident: IncidentRaised) -> str:
    return incident.text.english if isinstance(incident.text, Text) else incident.text


def begin_inside(process: CompiledProcess, machine: Machine, part: Part) -> None:
    """Activate the elements that an instance, whose root is ready to run, begins at.

    Raises:
        BadInputError: One of them cannot be activated, or the process cannot.
    """
    if not part.begins_at:
        return
    machine.run()
    if machine.record.incidents:
        (incident, *_) = machine.record.incidents
        raise BadInputError(
            f"Expected to begin inside the process '{process.model.id}', but: {_english(incident)}",
            process_id=process.model.id,
        )
    for element_id in part.begins_at:
        activate(process, machine, Activate(element_id))
