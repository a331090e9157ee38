"""Multi-instance markers: a collection to go through, output name and output element together."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.parts import Loop
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every marker that says too little.

    Source: Camunda 8 multi-instance.
    """
    for _, element in scene.elements:
        if element.loop is None:
            continue
        for message in _problems(element.loop):
            yield scene.error(
                "multi_instance",
                f"多实例 {called(element)} {message}",
                element_id=element.id,
                line=element.loop.line,
            )


def _problems(loop: Loop) -> Iterator[str]:
    if not loop.input_collection:
        yield "没有输入集合（inputCollection）。"
    if bool(loop.output_collection) != bool(loop.output_element):
        yield "的输出集合和输出元素必须同时填写。"
