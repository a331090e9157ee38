"""Multi-instance call activities whose results would be lost."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.parts import Loop
from service.domain.errors import Finding
from service.feel import Text

OVERWRITTEN = Text(
    "把被调用流程的全部变量写回：各次调用的结果会互相覆盖，只留下最后一次的。",
    "propagates all variables of the called process: the calls overwrite each other's results, and only "
    "those of the last one remain.",
)
CHOOSE_OUTPUTS = Text(
    "用输出映射写到 outputElement 用到的变量，或关掉全部写回。",
    "Write to the variables of outputElement by output mappings, or set propagateAllChildVariables to false.",
)
NOTHING_COLLECTED = Text(
    "没有输出映射，也不写回变量：输出集合里只会有空值。",
    "has no output mapping and propagates no variables: its output collection will hold nulls only.",
)
MAP_RESULT = Text(
    "用输出映射把结果写到 outputElement 用到的变量。",
    "Write the result to the variables of outputElement by output mappings.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a warning where parallel calls overwrite each other's variables, or nothing is collected.

    Source: Camunda 8 call activities (`propagateAllChildVariables`; the modeler writes false on new
    ones) and multi-instance (unknown names walk to the root).
    """
    for _, element in scene.elements:
        if element.kind != "callActivity" or element.loop is None:
            continue
        name = called(element)
        for problem, advice in _problems(element, element.loop):
            yield scene.warning(
                "multi_instance_calls",
                Text(
                    f"多实例调用 {name} {problem}",
                    f"The multi-instance call {name:en} {problem:en}",
                ),
                advice=advice,
                element_id=element.id,
                line=element.loop.line,
            )


def _problems(element: ElementModel, loop: Loop) -> Iterator[tuple[Text, Text]]:
    tag = element.tag("calledElement")
    takes_all = tag is not None and tag.is_true("propagateAllChildVariables", default=True)
    if element.outputs:
        return
    if takes_all and not loop.is_sequential:
        yield OVERWRITTEN, CHOOSE_OUTPUTS
    if not takes_all and loop.output_element:
        yield NOTHING_COLLECTED, MAP_RESULT
