"""Multi-instance call activities whose results would be lost."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.bpmn.parts import Loop
from service.domain.errors import Finding


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give a warning where parallel calls overwrite each other's variables, or nothing is collected.

    Source: Camunda 8 call activities (`propagateAllChildVariables`; the modeler writes false on new
    ones) and multi-instance (unknown names walk to the root).
    """
    for _, element in scene.elements:
        if element.kind != "callActivity" or element.loop is None:
            continue
        for message, advice in _problems(element, element.loop):
            yield scene.warning(
                "multi_instance_calls",
                f"多实例调用 {called(element)} {message}",
                advice=advice,
                element_id=element.id,
                line=element.loop.line,
            )


def _problems(element: ElementModel, loop: Loop) -> Iterator[tuple[str, str]]:
    tag = element.tag("calledElement")
    takes_all = tag is not None and tag.get("propagateAllChildVariables") != "false"
    if element.outputs:
        return
    if takes_all and not loop.is_sequential:
        text = "把被调用流程的全部变量写回：各次调用的结果会互相覆盖，只留下最后一次的。"
        yield text, "用输出映射写到 outputElement 用到的变量，或关掉全部写回。"
    if not takes_all and loop.output_element:
        text = "没有输出映射，也不写回变量：输出集合里只会有空值。"
        yield text, "用输出映射把结果写到 outputElement 用到的变量。"
