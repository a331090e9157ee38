"""Input and output mappings stand only where they are carried out."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.domain.errors import Finding
from service.feel import Text

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

INPUTS = Text("输入映射", "input mappings")
OUTPUTS = Text("输出映射", "output mappings")
MOVE = Text(
    "移到前后的任务上，或用脚本任务赋值。",
    "Move them to a task before or behind it, or assign the variables in a script task.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every mapping that would be left out.

    Source: Camunda 8 variables (gateways, manual and undefined tasks, compensation events, error
    and terminate end events have no mappings; start and boundary events no inputs).
    """
    for _, element in scene.elements:
        for what, mappings, places in (
            (INPUTS, element.inputs, WITH_INPUTS),
            (OUTPUTS, element.outputs, WITH_OUTPUTS),
        ):
            if mappings and not _names(element) & places:
                yield scene.error(
                    "mapping_places",
                    _not_carried_out(element, what),
                    advice=MOVE,
                    element_id=element.id,
                    line=mappings[0].line,
                )


def _not_carried_out(element: ElementModel, what: Text) -> Text:
    name = called(element)
    return Text(f"{name} 的{what}不会被执行。", f"The {what:en} of {name:en} are not carried out.")


def _names(element: ElementModel) -> set[str]:
    event = element.event
    if event is not None and element.kind in ("endEvent", "intermediateThrowEvent"):
        return {f"{element.kind}:{element.event_kind}"}
    if element.event_kind == "compensate":
        return set()
    return {element.kind}
