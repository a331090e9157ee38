"""The catalogue's rule ids that an element carries out."""

from collections.abc import Mapping

from service import bpmn


def rule_refs(properties: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids in the property `ruleRefs` of an element; empty when it has none."""
    return bpmn.split_list(properties.get("ruleRefs", ""))
