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

    Source: Camunda 8 (ZeebeFormDefinitionValidator): start events and job-based tasks take a linked or an
    embedded form, Camunda user tasks a linked or an external one; here they take embedded ones as well.
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
    if tag is None:
        return
    is_task = element.tag("userTask") is not None
    # A Camunda user task does not read a key beside another form, what is a job no external reference.
    other = "externalReference" if is_task else "formKey"
    if tag.given("formId") and tag.given(other):
        yield "同时写了两种表单，只能有一种。", "留下一种。"
    elif tag.given("externalReference") and not (
        is_task or tag.given("formId") or tag.given("formKey")
    ):
        yield "只写了 externalReference，这里不会用到它。", "用 formId 引用表单。"
    is_read = element.kind == "startEvent" or (is_task and not tag.given("externalReference"))
    key = element.embedded_form
    if is_read and tag.given("formKey") and key is None and not tag.given("formId"):
        text = f"的 formKey «{tag.get('formKey')}» 不是内嵌表单。"
        yield text, f"应以 {EMBEDDED} 开头，别的表单用 formId 引用。"
    if key is not None and key not in forms and (element.shown_form or not is_task):
        yield f"用到的内嵌表单 «{tag.get('formKey')}» 不在流程 «{process.id}» 里。", ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
