"""Messages: a name, and a correlation key wherever an instance waits."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import EventDefinition
from service.domain.errors import Finding
from service.feel import Text

NO_MESSAGE = Text("没有写消息，或消息没有名称。", "has no message, or one without a name.")
CHOOSE = Text(
    "在属性面板里选择消息并填写名称。",
    "Choose a message in the properties panel and fill in its name.",
)
NOT_FIRST = Text(
    "会启动流程，因此不能有入线，也不能放在子流程里。",
    "starts the process, so it can neither have incoming flows nor lie in a sub-process.",
)
MAKE_FIRST = Text(
    "去掉入线，或取消启动流程的标记。", "Remove the incoming flows, or its attribute instantiate."
)
REPEATED = Text(
    "会启动流程，因此不能是多实例。", "starts the process, so it cannot be a multi-instance."
)
ONCE = Text("去掉多实例标记。", "Remove the multi-instance marker.")
NO_KEY = Text(
    "等待消息，但没有关联键（correlationKey）。",
    "waits for a message, but has no correlation key (correlationKey).",
)
FILL_IN_KEY = Text("填写关联键，例如 =case_no。", "Fill in a correlation key, such as =case_no.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every message event that cannot be waited for.

    Source: Camunda 8 (bpmn-model validation).
    """
    for process, element in scene.elements:
        name = called(element)
        for event in element.events:
            for problem, advice in _problems(process, element, event):
                yield scene.error(
                    "messages",
                    Text(f"{name} {problem}", f"{name:en} {problem:en}"),
                    advice=advice,
                    element_id=element.id,
                    line=event.line,
                )


def _problems(
    process: ProcessModel, element: ElementModel, event: EventDefinition
) -> Iterator[tuple[Text, Text]]:
    if event.kind != "message" or element.kind in ("endEvent", "intermediateThrowEvent"):
        return
    if not event.name:
        yield NO_MESSAGE, CHOOSE
    is_root_start = element in process.instantiating and not _is_awaited_too(process, element)
    if element.instantiates and (element.incoming or element.parent_id != process.id):
        yield NOT_FIRST, MAKE_FIRST
    if element.instantiates and element.loop is not None:
        yield REPEATED, ONCE
    if not is_root_start and not event.correlation_key:
        yield NO_KEY, FILL_IN_KEY


def _is_awaited_too(process: ProcessModel, element: ElementModel) -> bool:
    """Whether an instance that another event has started waits for this one."""
    gateways = (process.elements[process.flows[f].source_id] for f in element.incoming)
    return any(gateway.needs_all for gateway in gateways)
