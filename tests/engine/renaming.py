"""The same drawing with other ids: elements and flows are renamed, processes and what has a name are not."""

import re

from service.bpmn import parse
from service.engine import CompiledProcess

SUFFIX = "_renamed"


def renamed(file: bytes) -> bytes:
    """Return a file in which all elements and flows have other ids, wherever they are named; codes are none."""
    ids = {id_ for drawn in parse(file).processes for id_ in (*drawn.elements, *drawn.flows)}

    def rename(found: re.Match[str]) -> str:
        quote, id_ = found.groups()
        return f"{quote}{id_}{SUFFIX}{quote}" if id_ in ids else found[0]

    return re.sub(r'(?<!Code=)("|&quot;)(\w+)\1', rename, file.decode()).encode()


def plain(element_id: str) -> str:
    """Return the id that an element has in the drawing as it was."""
    return element_id.replace(SUFFIX, "")


def mapping(source: CompiledProcess, target: CompiledProcess) -> list[tuple[str, str]]:
    """Return the mapping of every element and flow to what it is called in the other process."""
    ids = {plain(id_): id_ for id_ in (*target.model.elements, *target.model.flows)}
    before = (*source.model.elements, *source.model.flows)
    return [(id_, ids[plain(id_)]) for id_ in before if plain(id_) in ids]
