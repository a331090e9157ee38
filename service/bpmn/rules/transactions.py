"""Transactions: where cancel events may stand, and that somebody leaves by them."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding
from service.feel import Text

NOT_INSIDE = Text(
    "是取消事件，必须直接放在事务子流程里。",
    "is a cancel event, which must lie directly in a transaction.",
)
NOT_ATTACHED = Text(
    "是取消事件，必须附着在事务子流程上。",
    "is a cancel event, which must be attached to a transaction.",
)
NOT_INTERRUPTING = Text(
    "是取消边界事件，必须是中断的。", "is a cancel boundary event, which must be interrupting."
)
NOT_CAUGHT = Text(
    "里有取消结束事件，但边界上没有取消事件。",
    "has a cancel end event, but no cancel event on its boundary.",
)
CATCH = Text(
    "在事务边界上画取消事件，写明取消后做什么。",
    "Draw a cancel event on the boundary of the transaction, and what is done once it is cancelled.",
)
CAUGHT_TWICE = Text("的边界上有两个取消事件。", "has two cancel events on its boundary.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every cancel event in a wrong place and every transaction nobody can leave cancelled.

    Source: BPMN 2.0.2 §10.3.5, §10.5.5.
    """
    for process, element in scene.elements:
        name = called(element)
        for problem, advice in _problems(process, element):
            yield scene.error(
                "transactions",
                Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _problems(process: ProcessModel, element: ElementModel) -> Iterator[tuple[Text, Text | None]]:
    if _is_cancel(element):
        place = element.parent_id if element.kind == "endEvent" else element.attached_to_id
        holder = process.elements.get(place or "")
        if holder is None or holder.kind != "transaction":
            yield NOT_INSIDE if element.kind == "endEvent" else NOT_ATTACHED, None
        if element.kind == "boundaryEvent" and not element.is_interrupting:
            yield NOT_INTERRUPTING, None
    if element.kind != "transaction":
        return
    catches = [event for event in process.boundaries(element.id) if _is_cancel(event)]
    ends = [child for child in process.children(element.id) if child.kind == "endEvent"]
    if any(map(_is_cancel, ends)) and not catches:
        yield NOT_CAUGHT, CATCH
    if len(catches) > 1:
        yield CAUGHT_TWICE, None


def _is_cancel(element: ElementModel) -> bool:
    return element.defines("cancel") is not None
