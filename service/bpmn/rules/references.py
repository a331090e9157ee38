"""Called processes, decisions and forms exist; linked files do where they are bound to the deployment.

Source: of linked files Camunda 8 (ZeebeLinkedResourceDeploymentBindingValidator, BpmnJobBehavior): those bound
to the deployment are looked for when it is deployed; all others when the job is created, where one that is not
there is an incident.
"""

from collections.abc import Iterator

from service.bpmn.gate import Known, Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.parts import LINKED_FORM, Reference
from service.domain.errors import Finding

BINDINGS = ("latest", "deployment", "versionTag")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every reference to something that is not there.

    An id that is an expression is looked up when the element is reached.
    """
    for _, element in scene.elements:
        yield from _linked(scene, element)
        for what, reference, everywhere, here in _references(element, scene.known):
            message = _problem(what, reference, everywhere, here)
            if message is not None:
                yield scene.error(
                    "references",
                    f"{called(element)} {message}",
                    element_id=element.id,
                    line=reference.line,
                )


def _linked(scene: Scene, element: ElementModel) -> Iterator[Finding]:
    for tag in element.linked_resources:
        resource_id, binding = tag.get("resourceId") or "=", tag.get("bindingType")
        is_form = (tag.get("resourceType") or "").lower() == LINKED_FORM
        here = scene.known.deployment_form_ids if is_form else scene.known.deployment_resource_ids
        message = None
        if binding == "versionTag" and not tag.get("versionTag"):
            message = "链接的资源按版本标签绑定，但没有写 versionTag。"
        elif (
            binding == "deployment" and resource_id not in here and not resource_id.startswith("=")
        ):
            message = f"链接了同一次部署的资源 «{resource_id}»，但这次部署里没有它。"
        if message is not None:
            text = f"{called(element)} {message}"
            yield scene.error("references", text, element_id=element.id, line=element.line)


def _references(
    element: ElementModel, known: Known
) -> Iterator[tuple[str, Reference, frozenset[str], frozenset[str]]]:
    if element.called_process is not None:
        here = known.deployment_process_ids
        yield "流程", element.called_process, known.process_ids | here, here
    if element.called_decision is not None:
        here = known.deployment_decision_ids
        yield "决策", element.called_decision, known.decision_ids | here, here
    if element.form is not None:
        here = known.deployment_form_ids
        yield "表单", element.form, known.form_ids | here, here


def _problem(
    what: str, reference: Reference, everywhere: frozenset[str], here: frozenset[str]
) -> str | None:
    if not reference.id:
        return f"没有写要用的{what} id。"
    if reference.binding not in BINDINGS:
        return f"的 bindingType «{reference.binding}» 不存在，应为 {'、'.join(BINDINGS)}。"
    if reference.binding == "versionTag" and not reference.version_tag:
        return "按版本标签绑定，但没有写 versionTag。"
    if not reference.is_static:
        return None
    if reference.binding == "deployment" and reference.id not in here:
        return f"绑定同一次部署的{what} «{reference.id}»，但这次部署里没有它。"
    if reference.id not in everywhere:
        return f"用到的{what} «{reference.id}» 不存在。"
    return None
