"""Jobs of the house (`huiyin:`) exist."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.domain.errors import Finding

PREFIX = "huiyin:"


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every job type that looks like one of the house and is none.

    Source: docs/dialect.md §1.
    """
    for _, element in scene.elements:
        job_type = element.job_type
        if not (job_type and job_type.startswith(PREFIX)):
            continue
        if job_type not in scene.known.house_jobs:
            known = "、".join(sorted(scene.known.house_jobs))
            yield scene.error(
                "house_jobs",
                f"{called(element)} 的作业类型 «{job_type}» 不存在。",
                advice=f"可用的有：{known}。" if known else "",
                element_id=element.id,
                line=element.line,
            )
