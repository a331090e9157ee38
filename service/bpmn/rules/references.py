"""Called processes, decisions and forms exist."""

from collections.abc import Iterator

from service.bpmn.gate import Known, Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.parts import Reference
from service.domain.errors import Finding

BINDINGS = ("latest", "deployment", "versionTag")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every reference to something that is not there.

    An id that is an expression is looked up when the element is reached.
    """
    for _, element in scene.elements:
        for what, reference, everywhere, here in _references(element, scene.known):
            message = _problem(what, reference, everywhere, here)
            if message is not None:
                yield scene.error(
                    "references",
                    f"{called(element)} {message}",
                    element_id=element.id,
                    line=reference.line,
                )


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
