"""Embedded forms: only where they are shown, and only if they are in the file."""

from collections.abc import Iterator

import orjson

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import EMBEDDED, ElementModel, ProcessModel
from service.bpmn.xml import ZEEBE, source_line
from service.domain.errors import Finding
from service.feel import Text

Problems = Iterator[tuple[Text, Text | None]]

TWO_FORMS = Text("同时写了两种表单，只能有一种。", "names two forms, but takes only one.")
KEEP_ONE = Text("留下一种。", "Keep one.")
EXTERNAL_ONLY = Text(
    "只写了 externalReference，这里不会用到它。",
    "has an externalReference only, which is not used here.",
)
USE_FORM_ID = Text("用 formId 引用表单。", "Refer to the form by its formId.")
USE_EMBEDDED = Text(
    f"应以 {EMBEDDED} 开头，别的表单用 formId 引用。",
    f"Begin it with {EMBEDDED}, or refer to another form by its formId.",
)


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
                _no_object(str(node.get("id"))),
                element_id=None,
                line=source_line(node),
            )
    for process, element in scene.elements:
        name = called(element)
        for problem, advice in _problems(process, element, frozenset(forms)):
            yield scene.error(
                "embedded_forms",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _no_object(form_id: str) -> Text:
    return Text(
        f"内嵌表单 «{form_id}» 不是 JSON 对象。",
        f"The embedded form '{form_id}' is no JSON object.",
    )


def _problems(process: ProcessModel, element: ElementModel, forms: frozenset[str]) -> Problems:
    tag = element.tag("formDefinition")
    if tag is None:
        return
    is_task = element.tag("userTask") is not None
    # A Camunda user task does not read a key beside another form, what is a job no external reference.
    other = "externalReference" if is_task else "formKey"
    if tag.given("formId") and tag.given(other):
        yield TWO_FORMS, KEEP_ONE
    elif tag.given("externalReference") and not (
        is_task or tag.given("formId") or tag.given("formKey")
    ):
        yield EXTERNAL_ONLY, USE_FORM_ID
    is_read = element.kind == "startEvent" or (is_task and not tag.given("externalReference"))
    key = element.embedded_form
    if is_read and tag.given("formKey") and key is None and not tag.given("formId"):
        yield _not_embedded(tag.get("formKey") or ""), USE_EMBEDDED
    if key is not None and key not in forms and (element.shown_form or not is_task):
        yield _not_in(tag.get("formKey") or "", process.id), None


def _not_embedded(key: str) -> Text:
    return Text(
        f"的 formKey «{key}» 不是内嵌表单。", f"has the formKey '{key}', which is no embedded form."
    )


def _not_in(key: str, process_id: str) -> Text:
    return Text(
        f"用到的内嵌表单 «{key}» 不在流程 «{process_id}» 里。",
        f"uses the embedded form '{key}', which is not in the process '{process_id}'.",
    )


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
