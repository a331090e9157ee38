"""Ids of processes are such as every client can name."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.domain.errors import Finding
from service.domain.identifiers import is_process_id
from service.feel import Text

_FREE = Text(
    "换一个标识；给人看的名称可以随意写。", "Choose another id; the name that people see is free."
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give processes that no client could name; the official ones refuse every list that such an id stands in.

    Source: Camunda 8 (`RequestValidator.PROCESS_DEFINITION_ID_PATTERN`), and the types of its clients.
    """
    for process in scene.processes:
        if not is_process_id(process.id):
            text = Text(
                f"流程标识 «{process.id}» 应由字母（汉字也是）、数字和 _ - . 组成，以字母或 _ 开头。",
                f"The process id '{process.id}' may have letters, digits and _ - . only, "
                "and begins with a letter or _.",
            )
            yield scene.error("ids", text, advice=_FREE, element_id=process.id, line=process.line)
