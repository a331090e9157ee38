"""A loop of elements that neither wait nor change anything would run for ever."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding

Edges = dict[str, set[str]]
IDLE = frozenset(
    {
        "task",
        "manualTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "complexGateway",
        "parallelGateway",
        "intermediateThrowEvent",
    }
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give one element of every straight-through loop.

    Source: Camunda 8 (straight-through processing loop validation). A loop with a script or
    decision in it can end; the limit of steps watches over it.
    """
    for process in scene.processes:
        for element_id in _in_loops(process):
            element = process.elements[element_id]
            yield scene.error(
                "loops",
                f"{called(element)} 在一个没有等待的回路上，会无限循环。",
                advice="在回路里放一个等待的元素，例如用户任务或定时事件。",
                element_id=element.id,
                line=element.line,
            )


def _in_loops(process: ProcessModel) -> list[str]:
    """Return the first element, in document order, of those that lie on a loop of idle elements."""
    idle = {element.id for element in process.elements.values() if _is_idle(element)}
    after: Edges = {element_id: set() for element_id in idle}
    before: Edges = {element_id: set() for element_id in idle}
    for flow in process.flows.values():
        if flow.source_id in idle and flow.target_id in idle:
            after[flow.source_id].add(flow.target_id)
            before[flow.target_id].add(flow.source_id)
    left = _without_dead_ends(after, before) & _without_dead_ends(before, after)
    return [element_id for element_id in process.elements if element_id in left][:1]


def _without_dead_ends(after: Edges, before: Edges) -> set[str]:
    """Return the elements from which one can go on for ever."""
    ways = {element_id: len(targets) for element_id, targets in after.items()}
    dead = [element_id for element_id, count in ways.items() if count == 0]
    while dead:
        element_id = dead.pop()
        del ways[element_id]
        for source in before[element_id]:
            ways[source] -= 1
            if ways[source] == 0:
                dead.append(source)
    return set(ways)


def _is_idle(element: ElementModel) -> bool:
    does_nothing = {definition.kind for definition in element.events} <= {"compensate"}
    is_plain = element.kind in IDLE and element.loop is None and does_nothing
    return is_plain and not element.outputs
