"""User tasks that are jobs: people here do not see them."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.domain.errors import Finding
from service.feel import Text

SET_IMPLEMENTATION = Text(
    "若要在待办里办理，在属性面板里把实现方式设为 Camunda user task。",
    "Set its implementation to Camunda user task in the properties panel if people shall do it here.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a warning for every user task without `zeebe:userTask`.

    Source: Camunda 8 user tasks (deprecated implementation; absent from the user task API).
    """
    for _, element in scene.elements:
        if element.kind == "userTask" and element.tag("userTask") is None:
            name = called(element)
            yield scene.warning(
                "job_user_tasks",
                Text(
                    f"{name} 没有 zeebe:userTask：它是交给外部程序的作业，不会出现在待办里。",
                    f"{name:en} has no zeebe:userTask: it is a job for a program outside, and nobody finds it "
                    "in the task list.",
                ),
                advice=SET_IMPLEMENTATION,
                element_id=element.id,
                line=element.line,
            )
