"""Transactions: where cancel events may stand, and that somebody leaves by them."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every cancel event in a wrong place and every transaction nobody can leave cancelled.

    Source: BPMN 2.0.2 §10.3.5, §10.5.5.
    """
    for process, element in scene.elements:
        for message, advice in _problems(process, element):
            yield scene.error(
                "transactions",
                f"{called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.line,
            )


def _problems(process: ProcessModel, element: ElementModel) -> Iterator[tuple[str, str]]:
    if _is_cancel(element):
        place = element.parent_id if element.kind == "endEvent" else element.attached_to_id
        holder = process.elements.get(place or "")
        if holder is None or holder.kind != "transaction":
            where = "直接放在事务子流程里" if element.kind == "endEvent" else "附着在事务子流程上"
            yield f"是取消事件，必须{where}。", ""
        if element.kind == "boundaryEvent" and not element.is_interrupting:
            yield "是取消边界事件，必须是中断的。", ""
    if element.kind != "transaction":
        return
    catches = [event for event in process.boundaries(element.id) if _is_cancel(event)]
    ends = [child for child in process.children(element.id) if child.kind == "endEvent"]
    if any(map(_is_cancel, ends)) and not catches:
        advice = "在事务边界上画取消事件，写明取消后做什么。"
        yield "里有取消结束事件，但边界上没有取消事件。", advice
    if len(catches) > 1:
        yield "的边界上有两个取消事件。", ""


def _is_cancel(element: ElementModel) -> bool:
    return element.defines("cancel") is not None
