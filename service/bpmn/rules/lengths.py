"""Ids and names by which rows are found are no longer than an index holds."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.xml import BPMN, ZEEBE, bpmn, owner_id, source_line
from service.domain.errors import Finding
from service.domain.identifiers import LONGEST_NAME
from service.feel import Text
from service.xml import Element

ID = Text("标识", "id")
JOB_TYPE = Text("作业类型", "job type")
LISTENER_TYPE = Text("监听器类型", "listener type")
VARIABLE = Text("变量名", "variable name")

NAMES: dict[str, dict[str, Text]] = {
    bpmn("message"): {"name": Text("消息名", "message name")},
    bpmn("signal"): {"name": Text("信号名", "signal name")},
    **{
        f"{{{ZEEBE}}}{name}": attributes
        for name, attributes in {
            "taskDefinition": {"type": JOB_TYPE},
            "executionListener": {"type": LISTENER_TYPE},
            "taskListener": {"type": LISTENER_TYPE},
            "subscription": {"correlationKey": Text("消息关联键", "correlation key")},
            "input": {"target": VARIABLE},
            "output": {"target": VARIABLE},
            "script": {"resultVariable": VARIABLE},
            "calledElement": {"businessId": Text("业务标识", "business id")},
            "calledDecision": {"resultVariable": VARIABLE},
            "loopCharacteristics": {"inputElement": VARIABLE, "outputCollection": VARIABLE},
            "adHoc": {"outputCollection": VARIABLE},
        }.items()
    },
}
"""Attributes by XML name, as findings call them; what is FEEL is measured when it has been evaluated."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every id and name that is longer.

    Source: Camunda 8.9 (`Names must not be longer than the configured max-name-length`, likewise of ids).
    """
    for node in scene.nodes:
        for what, text in _texts(node):
            if len(text) > LONGEST_NAME and not text.startswith("="):
                yield scene.error(
                    "lengths",
                    _too_long(what, text),
                    advice=Text("改短一些。", "Shorten it."),
                    element_id=owner_id(node),
                    line=source_line(node),
                )


def _too_long(what: Text, text: str) -> Text:
    return Text(
        f"{what} «{text[:40]}…» 有 {len(text)} 个字符，最多 {LONGEST_NAME} 个。",
        f"The {what:en} '{text[:40]}…' has {len(text)} characters, but may have {LONGEST_NAME} at most.",
    )


def _texts(node: Element) -> Iterator[tuple[Text, str]]:
    tag = str(node.tag)
    if tag.startswith(f"{{{BPMN}}}"):
        yield ID, node.get("id", "")
    for attribute, what in NAMES.get(tag, {}).items():
        yield what, node.get(attribute, "")
