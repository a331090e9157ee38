"""Embedded forms: only where they are shown, and only if they are in the file."""

from collections.abc import Iterator

import orjson

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import EMBEDDED, ElementModel, ProcessModel
from service.bpmn.xml import ZEEBE, source_line
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every form key that leads nowhere, and every embedded form that is no JSON.

    Source: Camunda 8 (ZeebeFormDefinitionValidator): start events and job-based tasks take embedded forms.
    Camunda user tasks do not there; here whoever opens the task sees the form.
    """
    forms = set()
    shown = {element.embedded_form for _, element in scene.elements}
    for node in scene.file.root.iter(f"{{{ZEEBE}}}userTaskForm"):
        forms.add(str(node.get("id")))
        if node.get("id") in shown and not _is_object(node.text or ""):
            yield scene.error(
                "embedded_forms",
                f"内嵌表单 «{node.get('id')}» 不是 JSON 对象。",
                element_id=None,
                line=source_line(node),
            )
    for process, element in scene.elements:
        for message, advice in _problems(process, element, frozenset(forms)):
            yield scene.error(
                "embedded_forms",
                f"{called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _problems(
    process: ProcessModel, element: ElementModel, forms: frozenset[str]
) -> Iterator[tuple[str, str]]:
    tag = element.tag("formDefinition")
    key = tag.get("formKey") if tag is not None else None
    if tag is None or key is None:
        return
    is_ours = element.kind == "startEvent" or element.tag("userTask") is not None
    if is_ours and not key.startswith(EMBEDDED):
        yield (
            f"的 formKey «{key}» 不是内嵌表单。",
            f"应以 {EMBEDDED} 开头，别的表单用 formId 引用。",
        )
    if tag.get("formId") or tag.get("externalReference"):
        yield "同时写了两种表单，只能有一种。", ""
    if element.embedded_form is not None and element.embedded_form not in forms:
        yield f"用到的内嵌表单 «{key}» 不在流程 «{process.id}» 里。", ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
