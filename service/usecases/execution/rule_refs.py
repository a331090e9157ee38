"""The catalogue's rule ids that an element carries out."""

from collections.abc import Mapping

from service.usecases.definitions import LoadedProcess


def rule_refs(process: LoadedProcess, element_id: str) -> tuple[str, ...]:
    """Return the ids in the element's property `ruleRefs`; empty when it has none."""
    element = process.model.elements.get(element_id)
    return () if element is None else split(element.properties)


def split(properties: Mapping[str, str], name: str = "ruleRefs") -> tuple[str, ...]:
    """Return the comma separated parts of a property, trimmed; empty parts dropped."""
    return tuple(part.strip() for part in properties.get(name, "").split(",") if part.strip())
