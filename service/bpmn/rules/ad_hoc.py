"""Ad-hoc sub-processes: activities inside, no start or end, one who leads."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import BadInputError, Finding
from service.feel import Text, compile_expression, misread_ai_arguments, verbatim

Problems = Iterator[tuple[Text, Text | None]]

KIND = Text("临时子流程", "The ad-hoc sub-process")
ACTIVITY = Text("活动", "The activity")
REFERENCE = Text(
    "一个变量引用（例如 toolCall.number）", "a reference to a variable, such as toolCall.number"
)
TEXT = Text("写出来的文本", "a string that is written down")
CONTEXT = Text("写出来的上下文（context）", "a context that is written down")
EXPECTED = {"value": REFERENCE, "description": TEXT, "type": TEXT}
"""What the arguments of `fromAi` must be; the others are contexts."""

EMPTY = Text("里没有活动。", "has no activity inside.")
DRAW_TASK = Text("至少画一个任务。", "Draw at least one task in it.")
DELETE = Text(
    "删除它，活动由列表或作业启动。", "Delete it: the list or the job starts the activities."
)
HALF_OF_OUTPUT = Text(
    "的输出集合和输出元素必须同时填写。",
    "must have both an output collection and an output element, or neither.",
)
TWO_LEADERS = Text(
    "由作业决定启动什么、何时完成，不能再写启动列表或完成条件。",
    "is led by its job: it takes neither a list of activities to start nor a completion condition.",
)
REMOVE_OTHER = Text(
    "去掉 activeElementsCollection 和 completionCondition。",
    "Remove activeElementsCollection and completionCondition.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every ad-hoc sub-process that Camunda 8 refuses, or that two things would lead.

    In it every activity whose parameters for an agent cannot be read from the diagram.

    Source: Camunda 8 ad-hoc sub-processes (constraints).
    """
    for process, element in scene.elements:
        if element.kind != "adHocSubProcess":
            continue
        name = called(element)
        for problem, advice in _problems(process, element):
            yield scene.error(
                "ad_hoc",
                Text(f"{KIND} {name} {problem}", f"{KIND:en} {name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=element.line,
            )
        for child in process.children(element.id):
            if child.is_startable:
                yield from scene.errors("ad_hoc", child, ACTIVITY, _misread(child))


def _misread(activity: ElementModel) -> Iterator[Text]:
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
            expected = EXPECTED.get(name, CONTEXT)
            yield Text(
                f"的 fromAi 参数 {name} 应为{expected}：{verbatim(text)}",
                f"calls fromAi with an argument {name} that must be {expected:en}: '{text}'.",
            )


def _problems(process: ProcessModel, element: ElementModel) -> Problems:
    children = process.children(element.id)
    if not any(child.is_activity and not child.is_triggered_by_event for child in children):
        yield EMPTY, DRAW_TASK
    for child in children:
        if child.kind in ("startEvent", "endEvent"):
            yield _not_inside(child), DELETE
    tag = element.tag("adHoc")
    attributes = tag.attributes if tag else {}
    names = (attributes.get("outputCollection"), attributes.get("outputElement"))
    if bool(names[0]) != bool(names[1]):
        yield HALF_OF_OUTPUT, None
    if element.job_type is None:
        return
    if attributes.get("activeElementsCollection") or element.completion_condition:
        yield TWO_LEADERS, REMOVE_OTHER


def _not_inside(event: ElementModel) -> Text:
    name = called(event)
    return Text(
        f"里不能有开始或结束事件，实际有 {name}。",
        f"takes no start or end event inside, but has {name:en}.",
    )
