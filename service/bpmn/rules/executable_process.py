"""A file has a process to run, and each can be started."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.model import ProcessModel
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a file without executable process, double ids, and processes that cannot start.

    Source: Camunda 8 (bpmn-model validation).
    """
    if not scene.processes:
        yield scene.error(
            "executable_process",
            "文件里没有可执行的流程。",
            advice="在流程属性里勾选“可执行”（isExecutable）。",
        )
    counts = Counter(process.id for process in scene.file.processes)
    for process_id, count in counts.items():
        if count > 1:
            text = f"流程 id «{process_id}» 出现了 {count} 次。"
            yield scene.error("executable_process", text, element_id=process_id)
    for process in scene.processes:
        yield from _of_process(scene, process)


def _of_process(scene: Scene, process: ProcessModel) -> Iterator[Finding]:
    problems = []
    none_starts = process.starts(None)
    if len(none_starts) > 1:
        problems.append("有多个普通开始事件，只允许一个。")
    if not process.instantiating:
        problems.append("没有开始事件。")
    for text in problems:
        yield scene.error(
            "executable_process",
            f"流程 «{process.name}» {text}",
            element_id=process.id,
            line=process.line,
        )
