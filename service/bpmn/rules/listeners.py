"""Listeners: known events, each job type once an event, and only where an element has that moment."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import GATEWAY_KINDS, ElementModel, ProcessModel
from service.bpmn.numbers import whole_number
from service.bpmn.parts import ZeebeTag
from service.domain.errors import Finding

Problems = Iterator[tuple[ZeebeTag, str, str]]
EXECUTION_EVENTS = ("start", "end", "beforeAll", "cancel")
TASK_EVENTS = ("creating", "assigning", "updating", "completing", "canceling")
KINDS = {
    "executionListeners": ("执行监听器", EXECUTION_EVENTS),
    "taskListeners": ("任务监听器", TASK_EVENTS),
}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every listener that Camunda 8 refuses.

    Source: Camunda 8 execution listeners (limitations; `beforeAll` of multi-instances and `cancel` of
    processes are of 8.10), user task listeners.
    """
    for process in scene.processes:
        yield from _of(scene, process, f"流程 «{process.name}»")
        for element in process.elements.values():
            yield from _of(scene, element, called(element))


def _of(scene: Scene, owner: ProcessModel | ElementModel, name: str) -> Iterator[Finding]:
    for holder in owner.zeebe:
        if holder.name not in KINDS:
            continue
        what, _ = KINDS[holder.name]
        for tag, message, advice in _problems(owner, holder):
            yield scene.error(
                "listeners",
                f"{name} 的{what}{message}",
                advice=advice,
                element_id=owner.id,
                line=tag.line,
            )


def _problems(owner: ProcessModel | ElementModel, holder: ZeebeTag) -> Problems:
    _, events = KINDS[holder.name]
    listeners = [tag for tag in holder.children if f"{tag.name}s" == holder.name]
    for tag in listeners:
        event = tag.get("eventType") or ""
        if event not in events:
            yield tag, f"的事件 «{event}» 不存在，应为 {'、'.join(events)}。", ""
        elif not _may(owner, event):
            yield tag, f"不能监听 {event}：这个元素没有这一刻。", "移到前后的元素或流程上。"
        if not tag.get("type"):
            yield tag, "没有作业类型。", "填写 type。"
        retries = tag.get("retries")
        if retries and not retries.startswith("=") and whole_number(retries) is None:
            yield tag, f"的重试次数应为整数，实际为 «{retries}»。", ""
    if holder.name == "taskListeners":
        # Of these the same job type may be asked twice.
        return
    pairs = Counter((tag.get("eventType"), tag.get("type")) for tag in listeners)
    for (twice, job_type), count in pairs.items():
        if count > 1:
            yield holder, f"重复：事件 {twice} 的作业类型 «{job_type}» 写了两次。", "只留一个。"


def _may(element: ProcessModel | ElementModel, event: str) -> bool:
    """Whether a process or element has that moment."""
    if isinstance(element, ProcessModel) or event == "cancel":
        return isinstance(element, ProcessModel) and event in ("start", "end", "cancel")
    kinds = {definition.kind for definition in element.events}
    if event in TASK_EVENTS:
        return element.tag("userTask") is not None
    if event == "beforeAll":
        return element.loop is not None
    if element.kind == "boundaryEvent" and kinds == {"compensate"}:
        return False
    if event == "start":
        return element.kind not in ("startEvent", "boundaryEvent")
    throws_error = element.kind == "endEvent" and "error" in kinds
    return element.kind not in GATEWAY_KINDS and not throws_error
