"""A written priority of jobs is an integer."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.numbers import LARGEST, SMALLEST, integer
from service.domain.errors import Finding
from service.feel import Text


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every job priority, of an element or a process, whose text is no integer of 32 bits.

    Source: Camunda 8.10 (ZeebeJobPriorityDefinitionValidator; an empty one says 0).
    """
    for owner in scene.owners:
        for tag in owner.zeebe:
            priority = tag.get("priority") if tag.name == "jobPriorityDefinition" else None
            if priority and not priority.startswith("=") and integer(priority) is None:
                yield scene.error(
                    "job_priorities",
                    _no_integer(called(owner), priority),
                    element_id=owner.id,
                    line=tag.line,
                )


def _no_integer(name: Text, priority: str) -> Text:
    return Text(
        f"{name} 的作业优先级应为 {SMALLEST} 到 {LARGEST} 的整数，实际为 «{priority:.80}»。",
        f"{name:en} has a job priority that is no integer from {SMALLEST} to {LARGEST}: '{priority:.80}'.",
    )
