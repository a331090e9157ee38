"""Multi-instance markers: a collection or a number to go through, output name and output element together."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.numbers import whole_number
from service.bpmn.parts import Loop
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every marker that says too little.

    Source: Camunda 8 multi-instance; `loopCardinality`: BPMN 2.0.2 §10.3.8.
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
    if not loop.input_collection and not loop.cardinality:
        yield "没有输入集合（inputCollection），也没有次数（loopCardinality）。"
    if loop.cardinality and (loop.input_collection or loop.input_element):
        yield "既写了次数（loopCardinality）又写了输入集合或输入元素，只能用一种。"
    written = loop.cardinality or "="
    if not written.startswith("=") and whole_number(written) is None:
        yield f"的次数应为整数，实际为 «{loop.cardinality}»。"
    for part in loop.unread:
        yield f"的 {part} 不会被执行。"
    if bool(loop.output_collection) != bool(loop.output_element):
        yield "的输出集合和输出元素必须同时填写。"
