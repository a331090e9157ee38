"""Ad-hoc sub-processes: activities inside, no start or end, one who leads."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import BadInputError, Finding
from service.feel import compile_expression, misread_ai_arguments

EXPECTED = {
    "value": "一个变量引用（例如 toolCall.number）",
    "description": "写出来的文本",
    "type": "写出来的文本",
}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every ad-hoc sub-process that Camunda 8 refuses, or that two things would lead.

    In it every activity whose parameters for an agent cannot be read from the diagram.

    Source: Camunda 8 ad-hoc sub-processes (constraints).
    """
    for process, element in scene.elements:
        if element.kind != "adHocSubProcess":
            continue
        for message, advice in _problems(process, element):
            yield scene.error(
                "ad_hoc",
                f"临时子流程 {called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )
        for child in process.children(element.id):
            if child.is_startable:
                yield from scene.errors("ad_hoc", child, "活动", _misread(child))


def _misread(activity: ElementModel) -> Iterator[str]:
    """Give what nobody can read of the parameters that an agent is to fill in.

    Source: Camunda 8 (`Failed to extract ad-hoc activity parameters`).
    """
    texts = (mapping.source or "" for mapping in activity.inputs)
    for text in texts:
        try:
            names = misread_ai_arguments(compile_expression(text[1:])) if text[:1] == "=" else ()
        except BadInputError:
            continue  # The rule `feel` tells of it.
        for name in names:
            expected = EXPECTED.get(name, "写出来的上下文（context）")
            yield f"的 fromAi 参数 {name} 应为{expected}：{text}"


def _problems(process: ProcessModel, element: ElementModel) -> Iterator[tuple[str, str]]:
    children = process.children(element.id)
    if not any(child.is_activity and not child.is_triggered_by_event for child in children):
        yield "里没有活动。", "至少画一个任务。"
    for child in children:
        if child.kind in ("startEvent", "endEvent"):
            yield (
                f"里不能有开始或结束事件，实际有 {called(child)}。",
                "删除它，活动由列表或作业启动。",
            )
    tag = element.tag("adHoc")
    attributes = tag.attributes if tag else {}
    names = (attributes.get("outputCollection"), attributes.get("outputElement"))
    if bool(names[0]) != bool(names[1]):
        yield "的输出集合和输出元素必须同时填写。", ""
    if element.job_type is None:
        return
    if attributes.get("activeElementsCollection") or element.completion_condition:
        text = "由作业决定启动什么、何时完成，不能再写启动列表或完成条件。"
        yield text, "去掉 activeElementsCollection 和 completionCondition。"
