"""A loop of elements that neither wait nor change anything would run for ever."""

from collections.abc import Iterator, Sequence

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding
from service.feel import Text

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
        "startEvent",
        "endEvent",
        "subProcess",
        "transaction",
    }
)
SCOPES = frozenset({"subProcess", "transaction"})
CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway"})
"""Of the ways out of these only one is taken."""
CERTAIN = frozenset({"startEvent", "task", "manualTask", "intermediateThrowEvent"})
"""What is behind these is reached whatever the variables are."""

BREAK_LOOP = Text(
    "在回路里放一个等待的元素，例如用户任务或定时事件。",
    "Put an element that waits into the loop, such as a user task or a timer event.",
)
BREAK_CALL = Text(
    "在调用之前放一个网关，让流程有别的出路。",
    "Put a gateway before the call, so that the process has another way out.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give one element of every straight-through loop, and the calls by which processes only call themselves.

    Source: Camunda 8 (straight-through processing loop validation). A loop with a script or
    decision in it can end; the limit of steps watches over it. So can a call that depends on a choice.
    """
    for process in scene.processes:
        for element_id in _in_loops(process):
            element = process.elements[element_id]
            yield scene.error(
                "loops",
                _endless_loop(element),
                advice=BREAK_LOOP,
                element_id=element.id,
                line=element.line,
            )
    for element in _endless_calls(scene.processes):
        yield scene.error(
            "loops",
            _endless_call(element),
            advice=BREAK_CALL,
            element_id=element.id,
            line=element.line,
        )


def _endless_loop(element: ElementModel) -> Text:
    name = called(element)
    return Text(
        f"{name} 在一个没有等待的回路上，会无限循环。",
        f"{name:en} lies on a loop without a wait, which would go on for ever.",
    )


def _endless_call(element: ElementModel) -> Text:
    name = called(element)
    return Text(
        f"{name} 一开始就调用自己所在的流程，会无限调用下去。",
        f"{name:en} calls its own process before it waits for anything, which would go on for ever.",
    )


def _in_loops(process: ProcessModel) -> list[str]:
    """Return the first element, in document order, of those that lie on a loop of idle elements."""
    idle = {element.id for element in process.elements.values() if _is_idle(process, element)}
    after = {element_id: set(_next(process, element_id)) & idle for element_id in idle}
    left = _in_cycles(after)
    return [element_id for element_id in process.elements if element_id in left][:1]


def _next(process: ProcessModel, element_id: str) -> Iterator[str]:
    """Give where the token of an idle element goes: into a scope, on, or out of the scope that ends with it."""
    element: ElementModel | None = process.elements[element_id]
    if element is not None and element.kind in SCOPES:
        yield from (
            child.id for child in process.children(element_id) if child.kind == "startEvent"
        )
        return
    while element is not None:
        yield from (behind.id for behind in process.behind(element))
        element = None if element.outgoing else process.elements.get(element.parent_id)


def _in_cycles(after: Edges) -> set[str]:
    """Return what lies on a cycle, or between two."""
    before: Edges = {key: set() for key in after}
    for source, targets in after.items():
        for target in targets:
            before[target].add(source)
    return _without_dead_ends(after, before) & _without_dead_ends(before, after)


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


def _is_idle(process: ProcessModel, element: ElementModel) -> bool:
    """Return True for an element that is passed at once and leaves nothing behind."""
    if element.kind not in IDLE or element.outputs or element.tag("executionListeners"):
        return False
    if element.loop is not None and element.loop.output_collection:
        return False
    if element.kind in SCOPES:
        return not element.is_triggered_by_event and not _forks(process, element)
    return {definition.kind for definition in element.events} <= {"compensate"}


def _forks(process: ProcessModel, scope: ElementModel) -> bool:
    """Return True for a scope with several tokens: it waits for the last of them."""
    children = process.children(scope.id)
    return any(len(child.outgoing) > 1 and child.kind not in CHOOSING for child in children)


def _endless_calls(processes: Sequence[ProcessModel]) -> list[ElementModel]:
    """Return the calls by which processes call each other whatever their variables are."""
    calls = {process.id: dict(_certain_calls(process)) for process in processes}
    left = _in_cycles({key: set(called) & set(calls) for key, called in calls.items()})
    return [call for key in calls if key in left for to, call in calls[key].items() if to in left]


def _certain_calls(process: ProcessModel) -> Iterator[tuple[str, ElementModel]]:
    """Give the ids of the processes that one calls before it waits or chooses, each with its call activity."""
    ways = (
        []
        if any(tag.name == "executionListeners" for tag in process.zeebe)
        else list(process.starts(None))
    )
    seen = set()
    while ways:
        element = ways.pop()
        if (
            element.id in seen
            or element.tag("executionListeners")
            or element.loop
            or element.standard_loop
        ):
            continue
        seen.add(element.id)
        reference = element.called_process
        if reference is not None and reference.binding != "versionTag":
            yield reference.id or "", element
        elif element.kind in CERTAIN and not element.events:
            flows = [process.flows[flow_id] for flow_id in element.outgoing]
            ways += [process.elements[flow.target_id] for flow in flows if flow.condition is None]
