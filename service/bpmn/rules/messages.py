"""Messages: a name, and a correlation key wherever an instance waits."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import EventDefinition
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every message event that cannot be waited for.

    Source: Camunda 8 (bpmn-model validation).
    """
    for process, element in scene.elements:
        for event in element.events:
            for message, advice in _problems(process, element, event):
                yield scene.error(
                    "messages",
                    f"{called(element)} {message}",
                    advice=advice,
                    element_id=element.id,
                    line=event.line,
                )


def _problems(
    process: ProcessModel, element: ElementModel, event: EventDefinition
) -> Iterator[tuple[str, str]]:
    if event.kind != "message" or element.kind in ("endEvent", "intermediateThrowEvent"):
        return
    if not event.name:
        yield "没有写消息，或消息没有名称。", "在属性面板里选择消息并填写名称。"
    is_root_start = element in process.instantiating and not _is_awaited_too(process, element)
    if element.instantiates and (element.incoming or element.parent_id != process.id):
        yield "会启动流程，因此不能有入线，也不能放在子流程里。", "去掉入线，或取消“启动流程”。"
    if element.instantiates and element.loop is not None:
        yield "会启动流程，因此不能是多实例。", "去掉多实例标记。"
    if not is_root_start and not event.correlation_key:
        yield "等待消息，但没有关联键（correlationKey）。", "填写关联键，例如 =case_no。"


def _is_awaited_too(process: ProcessModel, element: ElementModel) -> bool:
    """Whether an instance that another event has started waits for this one."""
    gateways = (process.elements[process.flows[f].source_id] for f in element.incoming)
    return any(gateway.needs_all for gateway in gateways)
