"""Events with several definitions: what may stand together."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.model import ElementModel
from service.bpmn.names import EVENTS
from service.bpmn.parts import WAITED_FOR
from service.domain.errors import Finding
from service.feel import Text

CAUGHT = WAITED_FOR | {"error", "escalation"}
THROWN = frozenset({"message", "signal", "escalation", "compensate"})
TOGETHER = {
    "startEvent": CAUGHT | {"compensate"},
    "boundaryEvent": CAUGHT | {"compensate", "cancel"},
    "intermediateCatchEvent": WAITED_FOR | {"link"},
    "intermediateThrowEvent": THROWN | {"link"},
    "endEvent": THROWN | {"error", "terminate", "cancel"},
}
ONCE = frozenset({"message", "compensate", "link", "error", "cancel", "terminate"})
LEAVING = {"error", "cancel"}
"""Each leads out of the scope by a way of its own."""

WHAT = Text("多重事件", "The multiple event")
TWO_WAYS_OUT = Text(
    "既抛出错误又取消事务，只能有一条出路。",
    "both throws an error and cancels the transaction, but can have one way out only.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every multiple event that cannot be carried out.

    Source: BPMN 2.0.2 §10.5 (multiple, parallel multiple); Camunda 8 has none.
    """
    for _, element in scene.elements:
        if len(element.events) < 2:
            continue
        yield from scene.errors("multiple_events", element, WHAT, _problems(element))


def _problems(element: ElementModel) -> Iterator[Text]:
    allowed = TOGETHER.get(element.kind, frozenset())
    if element.needs_all:
        allowed &= CAUGHT
    kinds = [definition.kind for definition in element.events]
    for kind in dict.fromkeys(kinds):
        if kind not in allowed:
            yield _not_together(kind)
    if element.kind in ("endEvent", "intermediateThrowEvent"):
        for kind, count in Counter(kinds).items():
            if count > 1 and kind in ONCE:
                yield _only_one(EVENTS[kind], count)
        if set(kinds) >= LEAVING:
            yield TWO_WAYS_OUT
    named = Counter((d.kind, d.name or d.code or d.condition) for d in element.events)
    for (kind, name), count in named.items():
        if count > 1 and name and kind != "timer":
            yield _twice(kind, name)


def _not_together(kind: str) -> Text:
    return Text(
        f"不能含有 {kind} 定义，请单独画出这个事件。",
        f"cannot hold a definition of the kind '{kind}': draw that event by itself.",
    )


def _only_one(event: Text, count: int) -> Text:
    return Text(
        f"含有 {count} 个{event}定义，只能有一个。",
        f"has {count} {event:en} definitions, but can have one only.",
    )


def _twice(kind: str, name: str) -> Text:
    return Text(f"两次写了同一个 {kind} «{name}»。", f"has the same {kind} '{name}' twice.")
