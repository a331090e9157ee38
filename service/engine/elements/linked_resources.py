"""Linked resources: files that are deployed, whose keys a worker is given in the header `linkedResources`.

Source: Camunda 8 (BpmnJobBehavior): a JSON list of `resourceKey`, `resourceType` and `linkName`, looked up when
the job is created; one that is not there is an incident RESOURCE_NOT_FOUND. Those of the type `form` are forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from service.bpmn import LINKED_FORM, ElementModel
from service.engine.errors import RESOURCE_NOT_FOUND, ElementFailure
from service.engine.expressions import Formula, formula
from service.engine.machine import Token
from service.engine.missing import missing
from service.engine.values import Binding

HEADER = "linkedResources"


@dataclass(frozen=True)
class LinkedResource:
    """One `zeebe:linkedResource`, compiled."""

    id: Formula
    binding: str
    version_tag: str | None
    type: str
    link_name: str

    def told(self, token: Token) -> dict[str, str]:
        """Return what a worker is told of it.

        Raises:
            ElementFailure: The id is no text, or there is no such file.
        """
        resource_id = self.id.string(token.workflow.at(token))
        binding = Binding(resource_id, self.binding, self.version_tag)
        around = token.workflow.surroundings
        is_form = self.type.lower() == LINKED_FORM
        key = around.find_form(binding) if is_form else around.find_resource(binding)
        if key is None:
            text = missing("form" if is_form else "resource", binding)
            raise ElementFailure(RESOURCE_NOT_FOUND, text.marked, text.english)
        return {"resourceKey": str(key), "resourceType": self.type, "linkName": self.link_name}


def linked_resources(model: ElementModel) -> tuple[LinkedResource, ...]:
    """Return the resources that an element links, in document order."""
    return tuple(
        LinkedResource(
            formula("资源 id", tag.get("resourceId") or ""),
            tag.get("bindingType") or "latest",
            tag.get("versionTag"),
            tag.get("resourceType") or "",
            tag.get("linkName") or "",
        )
        for tag in model.linked_resources
    )


def linked_header(token: Token, resources: tuple[LinkedResource, ...]) -> Mapping[str, str]:
    """Return the header for the job of a token; none when nothing is linked.

    Raises:
        ElementFailure: One of them cannot be found.
    """
    if not resources:
        return {}
    return {HEADER: orjson.dumps([resource.told(token) for resource in resources]).decode()}
