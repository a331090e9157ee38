"""Events with several definitions: what may stand together."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.model import ElementModel
from service.domain.errors import Finding

WAITED_FOR = frozenset({"message", "timer", "signal", "conditional"})
CAUGHT = WAITED_FOR | {"error", "escalation"}
THROWN = frozenset({"message", "signal", "escalation", "compensate"})
TOGETHER = {
    "startEvent": CAUGHT | {"compensate"},
    "boundaryEvent": CAUGHT | {"compensate", "cancel"},
    "intermediateCatchEvent": WAITED_FOR | {"link"},
    "intermediateThrowEvent": THROWN | {"link"},
    "endEvent": THROWN | {"error", "terminate", "cancel"},
}
ONCE = {
    "message": "消息",
    "compensate": "补偿",
    "link": "链接",
    "error": "错误",
    "cancel": "取消",
    "terminate": "终止",
}
LEAVING = {"error", "cancel"}
"""Each leads out of the scope by a way of its own."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every multiple event that cannot be carried out.

    Source: BPMN 2.0.2 §10.5 (multiple, parallel multiple); Camunda 8 has none.
    """
    for _, element in scene.elements:
        if len(element.events) < 2:
            continue
        yield from scene.errors("multiple_events", element, "多重事件", _problems(element))


def _problems(element: ElementModel) -> Iterator[str]:
    allowed = TOGETHER.get(element.kind, frozenset())
    if element.needs_all:
        allowed &= CAUGHT
    kinds = [definition.kind for definition in element.events]
    for kind in dict.fromkeys(kinds):
        if kind not in allowed:
            yield f"不能含有 {kind} 定义，请单独画出这个事件。"
    if element.kind in ("endEvent", "intermediateThrowEvent"):
        for kind, count in Counter(kinds).items():
            if count > 1 and kind in ONCE:
                yield f"含有 {count} 个{ONCE[kind]}定义，只能有一个。"
        if set(kinds) >= LEAVING:
            yield "既抛出错误又取消事务，只能有一条出路。"
    named = Counter((d.kind, d.name or d.code or d.condition) for d in element.events)
    for (kind, name), count in named.items():
        if count > 1 and name and kind != "timer":
            yield f"两次写了同一个 {kind} «{name}»。"
