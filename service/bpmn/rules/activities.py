"""Activities say what is to be done: a job type, a script, a decision, a process, a user task."""

from collections.abc import Callable, Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, split_list
from service.bpmn.numbers import whole_number
from service.bpmn.parts import BINDINGS, ZeebeTag
from service.bpmn.timers import TimerTextError, parse_moment
from service.domain.errors import Finding
from service.domain.priorities import HIGHEST_PRIORITY
from service.feel import Text

Problems = Iterator[tuple[Text, Text | None]]
SCRIPT = Text("FEEL 脚本", "FEEL script")
DECISION = Text("调用的决策", "called decision")
TIMES = {
    "dueDate": Text("截止时间", "due date"),
    "followUpDate": Text("跟进时间", "follow-up date"),
}

NO_JOB_TYPE = Text("没有作业类型。", "has no job type.")
FILL_IN_JOB_TYPE = Text(
    "在属性面板里填写任务定义的类型（zeebe:taskDefinition type）。",
    "Fill in the type of its task definition (zeebe:taskDefinition type) in the properties panel.",
)
NO_RESOURCE_ID = Text("链接的资源没有 resourceId。", "has a linked resource without resourceId.")
NO_PROCESS = Text("没有写要调用的流程。", "has no process to call.")
FILL_IN_PROCESS = Text(
    "在属性面板里填写被调用元素（zeebe:calledElement processId）。",
    "Fill in its called element (zeebe:calledElement processId) in the properties panel.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every activity that lacks its definition or says two things at once.

    Source: Camunda 8 (ZeebeRuntimeValidators), catalogue of elements.
    """
    for _, element in scene.elements:
        kind = element.kind
        if kind in ("endEvent", "intermediateThrowEvent") and element.events:
            kind = f"{kind}:{element.event_kind}"
        name = called(element)
        for problem, advice in CHECKS.get(kind, _nothing)(element):
            yield scene.error(
                "activities",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _nothing(element: ElementModel) -> Problems:
    return iter(())


def _job(element: ElementModel) -> Problems:
    tag = element.tag("taskDefinition")
    if tag is None or not tag.get("type"):
        yield NO_JOB_TYPE, FILL_IN_JOB_TYPE
        return
    for linked in element.linked_resources:
        if not linked.get("resourceId"):
            yield NO_RESOURCE_ID, None
        binding = linked.get("bindingType") or "latest"
        if binding not in BINDINGS:
            yield _no_binding(binding), None
    retries = tag.get("retries")
    if retries and not retries.startswith("=") and whole_number(retries) is None:
        yield _no_retries(retries), None


def _no_binding(binding: str) -> Text:
    return Text(
        f"链接资源的 bindingType «{binding}» 不存在。",
        f"has a linked resource with the bindingType '{binding}', which is none of {', '.join(BINDINGS)}.",
    )


def _no_retries(retries: str) -> Text:
    return Text(
        f"的重试次数应为整数，实际为 «{retries}»。",
        f"has retries that are no integer: '{retries}'.",
    )


def _several(element: ElementModel) -> Problems:
    if any(definition.kind == "message" for definition in element.events):
        yield from _job(element)


def _user(element: ElementModel) -> Problems:
    priority = _attribute(element.tag("priorityDefinition"), "priority")
    if priority and not priority.startswith("="):
        number = whole_number(priority)
        if number is None or number > HIGHEST_PRIORITY:
            yield _no_priority(priority), None
    for attribute in ("candidateGroups", "candidateUsers"):
        text = _attribute(element.tag("assignmentDefinition"), attribute)
        if text is not None and not text.startswith("="):
            parts = text.split(",")
            if text.strip() and len(split_list(text)) != len(parts):
                yield _empty_item(attribute, text), None
    for attribute, what in TIMES.items():
        text = _attribute(element.tag("taskSchedule"), attribute)
        if text and not text.startswith("="):
            try:
                parse_moment(text)
            except TimerTextError as error:
                yield _unreadable(what, error.text), None


def _no_priority(priority: str) -> Text:
    return Text(
        f"的优先级应为 0 到 {HIGHEST_PRIORITY} 的整数，实际为 «{priority}»。",
        f"has a priority that is no integer from 0 to {HIGHEST_PRIORITY}: '{priority}'.",
    )


def _empty_item(attribute: str, text: str) -> Text:
    return Text(
        f"的 {attribute} 里有空项：«{text}»。", f"has an empty item in its {attribute}: '{text}'."
    )


def _unreadable(what: Text, why: Text) -> Text:
    return Text(f"的{what}写错了：{why}", f"has a {what:en} that cannot be read: {why:en}")


def _script(element: ElementModel) -> Problems:
    yield from _either(element, "script", ("expression", "resultVariable"), SCRIPT)


def _rule(element: ElementModel) -> Problems:
    yield from _either(element, "calledDecision", ("decisionId", "resultVariable"), DECISION)


def _either(
    element: ElementModel, tag_name: str, attributes: tuple[str, ...], what: Text
) -> Problems:
    tag, job = element.tag(tag_name), element.tag("taskDefinition")
    if tag is not None and job is not None:
        yield _both(what), None
    elif tag is None and job is None:
        yield _neither(what), _fill_in(what)
    elif job is not None:
        yield from _job(element)
    elif tag is not None:
        for attribute in attributes:
            if not tag.get(attribute):
                yield _lacking(what, attribute), None


def _both(what: Text) -> Text:
    return Text(
        f"既有{what}又有作业类型，只能有一个。",
        f"has a {what:en} and a job type, but takes only one of them.",
    )


def _neither(what: Text) -> Text:
    return Text(f"没有{what}，也没有作业类型。", f"has neither a {what:en} nor a job type.")


def _fill_in(what: Text) -> Text:
    return Text(f"在属性面板里填写{what}。", f"Fill in its {what:en} in the properties panel.")


def _lacking(what: Text, attribute: str) -> Text:
    return Text(f"的{what}没有 {attribute}。", f"has a {what:en} without {attribute}.")


def _call(element: ElementModel) -> Problems:
    if element.tag("calledElement") is None:
        yield NO_PROCESS, FILL_IN_PROCESS


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
