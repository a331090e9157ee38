"""Multi-instance markers: a collection or a number to go through, output name and output element together."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.numbers import whole_number
from service.bpmn.parts import Loop
from service.domain.errors import Finding
from service.feel import Text

NO_NUMBER = Text(
    "没有输入集合（inputCollection），也没有次数（loopCardinality）。",
    "has neither an input collection (inputCollection) nor a number of instances (loopCardinality).",
)
TWO_WAYS = Text(
    "既写了次数（loopCardinality）又写了输入集合或输入元素，只能用一种。",
    "has both a number of instances (loopCardinality) and an input collection or input element: "
    "keep one of the two.",
)
HALF_OUTPUT = Text(
    "的输出集合和输出元素必须同时填写。",
    "must have both an output collection and an output element, or neither.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every marker that says too little.

    Source: Camunda 8 multi-instance; `loopCardinality`: BPMN 2.0.2 §10.3.8.
    """
    for _, element in scene.elements:
        if element.loop is None:
            continue
        name = called(element)
        for problem in _problems(element.loop):
            yield scene.error(
                "multi_instance",
                Text(f"多实例 {name} {problem}", f"The multi-instance {name:en} {problem:en}"),
                element_id=element.id,
                line=element.loop.line,
            )


def _problems(loop: Loop) -> Iterator[Text]:
    if not loop.input_collection and not loop.cardinality:
        yield NO_NUMBER
    if loop.cardinality and (loop.input_collection or loop.input_element):
        yield TWO_WAYS
    written = loop.cardinality or "="
    if not written.startswith("=") and whole_number(written) is None:
        yield Text(
            f"的次数应为整数，实际为 «{written}»。",
            f"has a number of instances that is no integer: '{written}'.",
        )
    for part in loop.unread:
        yield Text(f"的 {part} 不会被执行。", f"has {part}, which is not carried out.")
    if bool(loop.output_collection) != bool(loop.output_element):
        yield HALF_OUTPUT
