"""Input and output mappings stand only where they are carried out."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.domain.errors import Finding

WORK = frozenset(
    {
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)
WITH_INPUTS = WORK | {
    "intermediateCatchEvent",
    "endEvent:message",
    "endEvent:signal",
    "endEvent:multiple",
    "intermediateThrowEvent:message",
    "intermediateThrowEvent:signal",
    "intermediateThrowEvent:multiple",
}
WITH_OUTPUTS = WITH_INPUTS | {
    "startEvent",
    "boundaryEvent",
    "intermediateThrowEvent",
    "intermediateThrowEvent:link",
    "intermediateThrowEvent:escalation",
    "endEvent",
    "endEvent:escalation",
}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every mapping that would be left out.

    Source: Camunda 8 variables (gateways, manual and undefined tasks, compensation events, error
    and terminate end events have no mappings; start and boundary events no inputs).
    """
    for _, element in scene.elements:
        for what, mappings, places in (
            ("输入映射", element.inputs, WITH_INPUTS),
            ("输出映射", element.outputs, WITH_OUTPUTS),
        ):
            if mappings and not _names(element) & places:
                yield scene.error(
                    "mapping_places",
                    f"{called(element)} 的{what}不会被执行。",
                    advice="移到前后的任务上，或用脚本任务赋值。",
                    element_id=element.id,
                    line=mappings[0].line,
                )


def _names(element: ElementModel) -> set[str]:
    event = element.event
    if event is not None and element.kind in ("endEvent", "intermediateThrowEvent"):
        return {f"{element.kind}:{element.event_kind}"}
    if element.event_kind == "compensate":
        return set()
    return {element.kind}
