"""What a deployed process uses by a written id and is not there now: to be deployed before it is reached."""

from functools import cache

from sqlalchemy import Connection

from service import bpmn
from service.usecases import definitions as found
from service.usecases.definitions import LoadedProcess

_FIND = {
    "process": found.find_process,
    "decision": found.find_decision,
    "form": found.find_form,
}


def missing_references(connection: Connection, process: LoadedProcess) -> list[bpmn.Use]:
    """Return the uses of a process that would be incidents now, in document order.

    Looked up as the engine does when the element is reached; what an expression names cannot be told before.
    """

    @cache
    def is_there(kind: str, used_id: str, binding: str, version_tag: str | None) -> bool:
        key = _FIND[kind](connection, used_id, binding, version_tag, process.deployment_key)
        return key is not None

    written = [
        use
        for element in process.model.elements.values()
        for use in bpmn.uses(element)
        if use.reference.is_static
    ]
    return [
        use
        for use in written
        if not is_there(
            use.kind, use.reference.id or "", use.reference.binding, use.reference.version_tag
        )
    ]
