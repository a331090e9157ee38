"""What is bound to a deployment is in it; what is called and not deployed yet gets a remark.

Source: Camunda 8 (ZeebeCalledElementDeploymentBindingValidator and those for decisions, forms and linked
resources): what is bound to the deployment by a written id is looked for when it is deployed; all else when the
element is reached, where what is not there is an incident (CALLED_ELEMENT_ERROR, CALLED_DECISION_ERROR,
FORM_NOT_FOUND, RESOURCE_NOT_FOUND).
"""

from collections.abc import Iterator

from service.bpmn.gate import Known, Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.parts import BINDINGS, LINKED_FORM, Reference
from service.bpmn.references import KINDS, Use, not_deployed, uses
from service.domain.errors import Finding
from service.feel import Text

NO_LINKED_TAG = Text(
    "链接的资源按版本标签绑定，但没有写 versionTag。",
    "binds a linked resource by version tag, but has no versionTag.",
)
NO_TAG = Text(
    "按版本标签绑定，但没有写 versionTag。", "binds by version tag, but has no versionTag."
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every reference that cannot be right, and a remark on each that leads nowhere yet.

    An id that is an expression is looked up when the element is reached.
    """
    for _, element in scene.elements:
        yield from _linked(scene, element)
        for use in uses(element):
            line, problem = use.reference.line, _mistake(use, scene.known)
            if problem is not None:
                yield _refused(scene, element, problem, line)
            elif use.reference.is_static and not _is_there(use, scene.known):
                yield scene.remark("references", not_deployed(use), element, line)


def _linked(scene: Scene, element: ElementModel) -> Iterator[Finding]:
    for tag in element.linked_resources:
        resource_id, binding = tag.get("resourceId") or "=", tag.get("bindingType")
        is_form = (tag.get("resourceType") or "").lower() == LINKED_FORM
        here = scene.known.deployment_form_ids if is_form else scene.known.deployment_resource_ids
        problem = None
        if binding == "versionTag" and not tag.get("versionTag"):
            problem = NO_LINKED_TAG
        elif (
            binding == "deployment" and resource_id not in here and not resource_id.startswith("=")
        ):
            problem = Text(
                f"链接了同一次部署的资源 «{resource_id}»，但这次部署里没有它。",
                f"links the resource '{resource_id}' of the same deployment, which does not hold it.",
            )
        if problem is not None:
            yield _refused(scene, element, problem, element.line)


def _refused(scene: Scene, element: ElementModel, problem: Text, line: int) -> Finding:
    name = called(element)
    text = Text(f"{name} {problem}", f"{name:en} {problem:en}")
    return scene.error("references", text, element_id=element.id, line=line)


def _mistake(use: Use, known: Known) -> Text | None:
    """Return why a reference can never be right, or None."""
    reference, what = use.reference, KINDS[use.kind]
    if not reference.id:
        return Text(f"没有写要用的{what} id。", f"does not say the id of the {what:en} it uses.")
    if reference.binding not in BINDINGS:
        return Text(
            f"的 bindingType «{reference.binding}» 不存在，应为 {'、'.join(BINDINGS)}。",
            f"has the bindingType '{reference.binding}', which is none of {', '.join(BINDINGS)}.",
        )
    if reference.binding == "versionTag" and not reference.version_tag:
        return NO_TAG
    if _is_missing_here(use.kind, reference, known):
        return Text(
            f"绑定同一次部署的{what} «{reference.id}»，但这次部署里没有它。",
            f"binds the {what:en} '{reference.id}' of the same deployment, which does not hold it.",
        )
    return None


def _is_missing_here(kind: str, reference: Reference, known: Known) -> bool:
    here = {
        "process": known.deployment_process_ids,
        "decision": known.deployment_decision_ids,
        "form": known.deployment_form_ids,
    }
    is_bound = reference.binding == "deployment" and reference.is_static
    return is_bound and reference.id not in here[kind]


def _is_there(use: Use, known: Known) -> bool:
    """Return whether what a written id means is deployed, or in this deployment."""
    reference = use.reference
    if reference.binding == "versionTag":
        return (use.kind, reference.id, reference.version_tag) in known.tags
    everywhere = {
        "process": known.process_ids | known.deployment_process_ids,
        "decision": known.decision_ids | known.deployment_decision_ids,
        "form": known.form_ids | known.deployment_form_ids,
    }
    return reference.id in everywhere[use.kind]
