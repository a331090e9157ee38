"""Jobs of the house (`huiyin:`) exist."""

from collections.abc import Iterator, Sequence

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel, ProcessModel
from service.bpmn.parts import ZeebeTag
from service.domain.errors import Finding
from service.feel import Text, verbatim

PREFIX = "huiyin:"
JOBS = frozenset({"taskDefinition", "executionListener", "taskListener"})
"""What says that something is a job."""


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every job type that looks like one of the house and is none.

    Source: docs/dialect.md §1.
    """
    for owner in scene.owners:
        yield from _of(scene, owner)


def _of(scene: Scene, owner: ProcessModel | ElementModel) -> Iterator[Finding]:
    known = sorted(scene.known.house_jobs)
    name = called(owner)
    for tag in _unknown(owner, scene.known.house_jobs):
        job_type = tag.get("type")
        yield scene.error(
            "house_jobs",
            Text(
                f"{name} 的作业类型 «{job_type}» 不存在。",
                f"The job type '{job_type}' of {name:en} does not exist.",
            ),
            advice=_known(known) if known else None,
            element_id=owner.id,
            line=tag.line,
        )


def _known(job_types: Sequence[str]) -> Text:
    return Text(
        f"可用的有：{verbatim('、'.join(job_types))}。", f"There are: {', '.join(job_types)}."
    )


def _unknown(owner: ProcessModel | ElementModel, known: frozenset[str]) -> Iterator[ZeebeTag]:
    """Give the jobs of an element or process, and those of its listeners, that do not exist."""
    for tag in (*owner.zeebe, *(inner for holder in owner.zeebe for inner in holder.children)):
        job_type = (tag.get("type") or "") if tag.name in JOBS else ""
        if job_type.startswith(PREFIX) and job_type not in known:
            yield tag
