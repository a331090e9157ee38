"""Activities say what is to be done: a job type, a script, a decision, a process, a user task."""

from collections.abc import Callable, Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, split_list
from service.bpmn.numbers import whole_number
from service.bpmn.parts import ZeebeTag
from service.bpmn.timers import TimerTextError, parse_moment
from service.domain.errors import Finding

Problems = Iterator[tuple[str, str]]
HIGHEST_PRIORITY = 100
BINDINGS = ("latest", "deployment", "versionTag")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every activity that lacks its definition or says two things at once.

    Source: Camunda 8 (ZeebeRuntimeValidators), catalogue of elements.
    """
    for _, element in scene.elements:
        kind = element.kind
        if kind in ("endEvent", "intermediateThrowEvent") and element.events:
            kind = f"{kind}:{element.event_kind}"
        for message, advice in CHECKS.get(kind, _nothing)(element):
            yield scene.error(
                "activities",
                f"{called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _nothing(element: ElementModel) -> Problems:
    return iter(())


def _job(element: ElementModel) -> Problems:
    tag = element.tag("taskDefinition")
    if tag is None or not tag.get("type"):
        yield "没有作业类型。", "在属性面板里填写任务定义的类型（zeebe:taskDefinition type）。"
        return
    for linked in element.linked_resources:
        if not linked.get("resourceId"):
            yield "链接的资源没有 resourceId。", ""
        if (linked.get("bindingType") or "latest") not in BINDINGS:
            yield f"链接资源的 bindingType «{linked.get('bindingType')}» 不存在。", ""
    retries = tag.get("retries")
    if retries and not retries.startswith("=") and whole_number(retries) is None:
        yield f"的重试次数应为整数，实际为 «{retries}»。", ""


def _several(element: ElementModel) -> Problems:
    if any(definition.kind == "message" for definition in element.events):
        yield from _job(element)


def _user(element: ElementModel) -> Problems:
    priority = _attribute(element.tag("priorityDefinition"), "priority")
    if priority and not priority.startswith("="):
        number = whole_number(priority)
        if number is None or number > HIGHEST_PRIORITY:
            yield f"的优先级应为 0 到 {HIGHEST_PRIORITY} 的整数，实际为 «{priority}»。", ""
    for attribute in ("candidateGroups", "candidateUsers"):
        text = _attribute(element.tag("assignmentDefinition"), attribute)
        if text is not None and not text.startswith("="):
            parts = text.split(",")
            if text.strip() and len(split_list(text)) != len(parts):
                yield f"的 {attribute} 里有空项：«{text}»。", ""
    for attribute, what in (("dueDate", "截止时间"), ("followUpDate", "跟进时间")):
        text = _attribute(element.tag("taskSchedule"), attribute)
        if text and not text.startswith("="):
            try:
                parse_moment(text)
            except TimerTextError as error:
                yield f"的{what}写错了：{error}", ""


def _script(element: ElementModel) -> Problems:
    yield from _either(element, "script", ("expression", "resultVariable"), "FEEL 脚本")


def _rule(element: ElementModel) -> Problems:
    yield from _either(element, "calledDecision", ("decisionId", "resultVariable"), "调用的决策")


def _either(
    element: ElementModel, tag_name: str, attributes: tuple[str, ...], what: str
) -> Problems:
    tag, job = element.tag(tag_name), element.tag("taskDefinition")
    if tag is not None and job is not None:
        yield f"既有{what}又有作业类型，只能有一个。", ""
    elif tag is None and job is None:
        yield f"没有{what}，也没有作业类型。", f"在属性面板里填写{what}。"
    elif job is not None:
        yield from _job(element)
    elif tag is not None:
        for attribute in attributes:
            if not tag.get(attribute):
                yield f"的{what}没有 {attribute}。", ""


def _call(element: ElementModel) -> Problems:
    if element.tag("calledElement") is None:
        yield (
            "没有写要调用的流程。",
            "在属性面板里填写被调用元素（zeebe:calledElement processId）。",
        )


def _attribute(tag: ZeebeTag | None, name: str) -> str | None:
    return tag.get(name) if tag else None


CHECKS: dict[str, Callable[[ElementModel], Problems]] = {
    "serviceTask": _job,
    "sendTask": _job,
    "intermediateThrowEvent:message": _job,
    "endEvent:message": _job,
    "intermediateThrowEvent:multiple": _several,
    "endEvent:multiple": _several,
    "userTask": _user,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "callActivity": _call,
}
