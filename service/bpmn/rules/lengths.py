"""Ids and names by which rows are found are no longer than an index holds."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.xml import BPMN, ZEEBE, bpmn, owner_id, source_line
from service.domain.errors import Finding
from service.domain.identifiers import LONGEST_NAME
from service.xml import Element

NAMES: dict[str, dict[str, str]] = {
    bpmn("message"): {"name": "消息名"},
    bpmn("signal"): {"name": "信号名"},
    **{
        f"{{{ZEEBE}}}{name}": attributes
        for name, attributes in {
            "taskDefinition": {"type": "作业类型"},
            "executionListener": {"type": "监听器类型"},
            "taskListener": {"type": "监听器类型"},
            "subscription": {"correlationKey": "消息关联键"},
            "input": {"target": "变量名"},
            "output": {"target": "变量名"},
            "script": {"resultVariable": "变量名"},
            "calledElement": {"businessId": "业务标识"},
            "calledDecision": {"resultVariable": "变量名"},
            "loopCharacteristics": {"inputElement": "变量名", "outputCollection": "变量名"},
            "adHoc": {"outputCollection": "变量名"},
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
                    f"{what} «{text[:40]}…» 有 {len(text)} 个字符，最多 {LONGEST_NAME} 个。",
                    advice="改短一些。",
                    element_id=owner_id(node),
                    line=source_line(node),
                )


def _texts(node: Element) -> Iterator[tuple[str, str]]:
    tag = str(node.tag)
    if tag.startswith(f"{{{BPMN}}}"):
        yield "标识", node.get("id", "")
    for attribute, what in NAMES.get(tag, {}).items():
        yield what, node.get(attribute, "")
