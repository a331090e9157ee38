"""A boolean attribute says true or false."""

from collections.abc import Iterator
from itertools import chain

from service.bpmn.gate import Scene, rule
from service.bpmn.xml import BOOLEANS, bpmn, bpmn_name, owner_id, source_line
from service.domain.errors import Finding
from service.feel import Text

READ = (
    *("isExecutable", "instantiate", "parallelMultiple", "isInterrupting", "cancelActivity"),
    *("triggeredByEvent", "isForCompensation", "cancelRemainingInstances", "waitForCompletion"),
    *("isSequential", "testBefore"),
)
"""The boolean attributes that are executed."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every boolean attribute with another text: it would be read as if it were not there.

    Source: the schema of BPMN 2.0 (xsd:boolean), which Camunda 8 holds each file against.
    """
    processes = scene.file.root.iterchildren(bpmn("process"))
    for node in chain(processes, scene.nodes):
        for name in READ if bpmn_name(node) else ():
            text = node.get(name)
            if text is not None and text.strip() not in BOOLEANS:
                yield scene.error(
                    "booleans",
                    Text(
                        f"属性 {name} 应为 true 或 false，实际为 «{text:.80}»。",
                        f"The attribute {name} should be true or false, and is '{text:.80}'.",
                    ),
                    element_id=owner_id(node),
                    line=source_line(node),
                )
