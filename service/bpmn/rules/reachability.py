"""Elements that no token can ever reach."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding
from service.feel import Text

CONNECT = Text("用连线接上它，或删除它。", "Connect it by a sequence flow, or remove it.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a warning for every element that cannot be reached.

    An element without incoming flow is not started by itself, other than in the BPMN text.
    """
    for process in scene.processes:
        reached = _reached(process)
        for element in process.elements.values():
            if element.id not in reached:
                name = called(element)
                yield scene.warning(
                    "reachability",
                    Text(f"{name} 永远不会被执行到。", f"{name:en} is never reached."),
                    advice=CONNECT,
                    element_id=element.id,
                    line=element.line,
                )


def _reached(process: ProcessModel) -> set[str]:
    todo = [e for e in process.children(process.id) if _is_entry(e)]
    reached: set[str] = set()
    while todo:
        element = todo.pop()
        if element.id in reached:
            continue
        reached.add(element.id)
        todo += [process.elements[process.flows[f].target_id] for f in element.outgoing]
        todo += process.boundaries(element.id)
        todo += [process.elements[element.handler_id]] if element.handler_id else []
        inner = process.children(element.id)
        has_start = any(child.kind == "startEvent" for child in inner)
        todo += [
            child for child in inner if _is_entry(child) or (not has_start and child.is_startable)
        ]
        todo += _links(process, element)
    return reached


def _is_entry(element: ElementModel) -> bool:
    is_start = element.kind == "startEvent" or element.instantiates
    return is_start or element.is_triggered_by_event


def _links(process: ProcessModel, element: ElementModel) -> list[ElementModel]:
    thrown = element.defines("link")
    if element.kind != "intermediateThrowEvent" or thrown is None:
        return []
    return [
        other
        for other in process.children(element.parent_id)
        if other.kind == "intermediateCatchEvent"
        and (caught := other.defines("link")) is not None
        and caught.name == thrown.name
    ]
