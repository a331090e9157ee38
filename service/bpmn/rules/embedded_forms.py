"""Embedded forms: only where they are shown, and only if they are in the file."""

from collections.abc import Iterator

import orjson

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.xml import ZEEBE, source_line
from service.domain.errors import Finding

PREFIX = "camunda-forms:bpmn:"


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every form key that leads nowhere, and every embedded form that is no JSON.

    Source: Camunda 8 user tasks (embedded forms belong to job-based tasks; start events and Camunda
    user tasks take linked ones).
    """
    forms = {}
    for node in scene.file.root.iter(f"{{{ZEEBE}}}userTaskForm"):
        forms[node.get("id")] = source_line(node)
        if not _is_object(node.text or ""):
            yield scene.error(
                "embedded_forms",
                f"内嵌表单 «{node.get('id')}» 不是 JSON 对象。",
                element_id=None,
                line=source_line(node),
            )
    for process, element in scene.elements:
        for message, advice in _problems(process, element, frozenset(map(str, forms))):
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
    linked = "把表单存成 .form 文件，用 formId 引用。"
    if element.kind != "userTask":
        yield "不能用内嵌表单。", linked
    elif element.tag("userTask") is not None:
        yield "是 Camunda user task，不能用内嵌表单。", linked
    if tag.get("formId") or tag.get("externalReference"):
        yield "同时写了两种表单，只能有一种。", ""
    if key.startswith(PREFIX) and key.removeprefix(PREFIX) not in forms:
        yield f"用到的内嵌表单 «{key}» 不在流程 «{process.id}» 里。", ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
