"""User tasks that are jobs: people here do not see them."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a warning for every user task without `zeebe:userTask`.

    Source: Camunda 8 user tasks (deprecated implementation; absent from the user task API).
    """
    for _, element in scene.elements:
        if element.kind == "userTask" and element.tag("userTask") is None:
            yield scene.warning(
                "job_user_tasks",
                f"{called(element)} 没有 zeebe:userTask：它是交给外部程序的作业，不会出现在待办里。",
                advice="若要在待办里办理，在属性面板里把实现方式设为 Camunda user task。",
                element_id=element.id,
                line=element.line,
            )
