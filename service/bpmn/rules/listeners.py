"""Listeners: known events, each job type once an event, and only where an element has that moment."""

from collections import Counter
from collections.abc import Iterator, Sequence

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import GATEWAY_KINDS, ElementModel, ProcessModel
from service.bpmn.numbers import whole_number
from service.bpmn.parts import ZeebeTag
from service.domain.errors import Finding
from service.domain.global_listeners import EVENTS
from service.feel import Text, verbatim

Problems = Iterator[tuple[ZeebeTag, Text, Text | None]]
EXECUTION_EVENTS = ("start", "end", "beforeAll", "cancel")
KINDS = {
    "executionListeners": (Text("执行监听器", "execution listener"), EXECUTION_EVENTS),
    "taskListeners": (Text("任务监听器", "task listener"), EVENTS),
}

MOVE = Text(
    "移到前后的元素或流程上。", "Move it to the element before or behind, or to the process."
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every listener that Camunda 8 refuses.

    Source: Camunda 8 execution listeners (limitations; `beforeAll` of multi-instances and `cancel` of
    processes are of 8.10), user task listeners.
    """
    for owner in scene.owners:
        yield from _of(scene, owner)


def _of(scene: Scene, owner: ProcessModel | ElementModel) -> Iterator[Finding]:
    name = called(owner)
    for holder in owner.zeebe:
        if holder.name not in KINDS:
            continue
        what, _ = KINDS[holder.name]
        for tag, message, advice in _problems(owner, holder):
            yield scene.error(
                "listeners",
                Text(f"{name} 的{what}{message}", f"The {what:en} of {name:en} {message:en}"),
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
            yield tag, _no_event(event, events), None
        elif not _may(owner, event):
            yield tag, _no_moment(event), MOVE
        if not tag.get("type"):
            yield (
                tag,
                Text("没有作业类型。", "has no job type."),
                Text("填写 type。", "Fill in its type."),
            )
        retries = tag.get("retries")
        if retries and not retries.startswith("=") and whole_number(retries) is None:
            yield tag, _no_retries(retries), None
    if holder.name == "taskListeners":
        # Of these the same job type may be asked twice.
        return
    pairs = Counter((tag.get("eventType"), tag.get("type")) for tag in listeners)
    for (twice, job_type), count in pairs.items():
        if count > 1:
            yield holder, _twice(twice or "", job_type or ""), Text("只留一个。", "Keep one.")


def _no_event(event: str, events: Sequence[str]) -> Text:
    return Text(
        f"的事件 «{event}» 不存在，应为 {verbatim('、'.join(events))}。",
        f"has the event type '{event}', which is none of {', '.join(events)}.",
    )


def _no_moment(event: str) -> Text:
    return Text(
        f"不能监听 {verbatim(event)}：这个元素没有这一刻。",
        f"cannot listen to '{event}': the element has no such moment.",
    )


def _no_retries(retries: str) -> Text:
    return Text(
        f"的重试次数应为整数，实际为 «{retries}»。",
        f"has retries that are no integer: '{retries}'.",
    )


def _twice(event: str, job_type: str) -> Text:
    return Text(
        f"重复：事件 {verbatim(event)} 的作业类型 «{job_type}» 写了两次。",
        f"is there twice: job type '{job_type}' for the event '{event}'.",
    )


def _may(element: ProcessModel | ElementModel, event: str) -> bool:
    """Whether a process or element has that moment."""
    if isinstance(element, ProcessModel) or event == "cancel":
        return isinstance(element, ProcessModel) and event in ("start", "end", "cancel")
    kinds = {definition.kind for definition in element.events}
    if event in EVENTS:
        return element.tag("userTask") is not None
    if event == "beforeAll":
        return element.loop is not None
    if element.kind == "boundaryEvent" and kinds == {"compensate"}:
        return False
    if event == "start":
        return element.kind not in ("startEvent", "boundaryEvent")
    throws_error = element.kind == "endEvent" and "error" in kinds
    return element.kind not in GATEWAY_KINDS and not throws_error
