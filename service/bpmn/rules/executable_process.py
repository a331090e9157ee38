"""A file has a process to run, and each can be started."""

from collections import Counter
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ProcessModel
from service.domain.errors import Finding
from service.feel import Text

NO_PROCESS = Text("文件里没有可执行的流程。", "The file has no executable process.")
MAKE_EXECUTABLE = Text(
    "在流程属性里勾选可执行（isExecutable）。",
    "Tick Executable (isExecutable) in the properties of the process.",
)
SEVERAL_STARTS = Text(
    "有多个普通开始事件，只允许一个。", "has several none start events, but takes only one."
)
NO_START = Text("没有开始事件。", "has no start event.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a file without executable process, double ids, and processes that cannot start.

    Source: Camunda 8 (bpmn-model validation).
    """
    if not scene.processes:
        yield scene.error("executable_process", NO_PROCESS, advice=MAKE_EXECUTABLE)
    counts = Counter(process.id for process in scene.file.processes)
    for process_id, count in counts.items():
        if count > 1:
            text = Text(
                f"流程 id «{process_id}» 出现了 {count} 次。",
                f"The process id '{process_id}' is there {count} times.",
            )
            yield scene.error("executable_process", text, element_id=process_id)
    for process in scene.processes:
        yield from _of_process(scene, process)


def _of_process(scene: Scene, process: ProcessModel) -> Iterator[Finding]:
    problems = []
    none_starts = process.starts(None)
    if len(none_starts) > 1:
        problems.append(SEVERAL_STARTS)
    if not process.instantiating:
        problems.append(NO_START)
    name = called(process)
    for problem in problems:
        yield scene.error(
            "executable_process",
            Text(f"{name} {problem}", f"The {name:en} {problem:en}"),
            element_id=process.id,
            line=process.line,
        )
