"""Jobs of the house (`huiyin:`) exist."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import ZeebeTag
from service.domain.errors import Finding

PREFIX = "huiyin:"
JOBS = frozenset({"taskDefinition", "executionListener", "taskListener"})
"""What says that something is a job."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every job type that looks like one of the house and is none.

    Source: docs/dialect.md §1.
    """
    for process in scene.processes:
        yield from _of(scene, process, f"流程 «{process.name}»")
        for element in process.elements.values():
            yield from _of(scene, element, called(element))


def _of(scene: Scene, owner: ProcessModel | ElementModel, name: str) -> Iterator[Finding]:
    known = "、".join(sorted(scene.known.house_jobs))
    for tag in _unknown(owner, scene.known.house_jobs):
        yield scene.error(
            "house_jobs",
            f"{name} 的作业类型 «{tag.get('type')}» 不存在。",
            advice=f"可用的有：{known}。" if known else "",
            element_id=owner.id,
            line=tag.line,
        )


def _unknown(owner: ProcessModel | ElementModel, known: frozenset[str]) -> Iterator[ZeebeTag]:
    """Give the jobs of an element or process, and those of its listeners, that do not exist."""
    for tag in (*owner.zeebe, *(inner for holder in owner.zeebe for inner in holder.children)):
        job_type = (tag.get("type") or "") if tag.name in JOBS else ""
        if job_type.startswith(PREFIX) and job_type not in known:
            yield tag
