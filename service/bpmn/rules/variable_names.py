"""Names of variables that the diagram writes are names that FEEL can read."""

import re
from collections.abc import Iterator

from service.bpmn.gate import Scene, called, rule
from service.bpmn.model import ElementModel
from service.domain.errors import Finding
from service.feel import Text

_NAME = re.compile(r"[^\W\d]\w*")
KEYWORDS = frozenset(
    {
        *("null", "true", "false", "function", "if", "then", "else", "for", "between", "instance"),
        *("of", "not", "in", "and", "or", "some", "every", "satisfies", "return", "external"),
    }
)

TARGET = Text("映射目标", "mapping target")
RESULT = Text("结果变量", "result variable")
OF_LOOP = Text("多实例变量", "multi-instance variable")
ADVICE = Text(
    "变量名只用字母、数字和下划线，不以数字开头，不用 FEEL 关键字。",
    "Use letters, digits and underscores only, no digit at the beginning and no FEEL keyword.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every variable name with an operator, a space, a leading digit, or that is a keyword.

    Source: Camunda 8 variables.
    """
    for _, element in scene.elements:
        for what, name in _names(element):
            if not all(is_variable_name(part) for part in name.split(".")):
                yield scene.error(
                    "variable_names",
                    _no_name(element, what, name),
                    advice=ADVICE,
                    element_id=element.id,
                    line=element.line,
                )


def _no_name(element: ElementModel, what: Text, name: str) -> Text:
    whose = called(element)
    return Text(
        f"{whose} 的{what} «{name}» 不是合法的变量名。",
        f"The {what:en} '{name}' of {whose:en} is no valid name of a variable.",
    )


def is_variable_name(text: str) -> bool:
    """Whether a text can be the name of a variable."""
    return _NAME.fullmatch(text) is not None and text not in KEYWORDS


def _names(element: ElementModel) -> Iterator[tuple[Text, str]]:
    for mapping in (*element.inputs, *element.outputs):
        yield TARGET, mapping.target
    for tag_name in ("script", "calledDecision"):
        tag = element.tag(tag_name)
        if tag is not None and tag.get("resultVariable"):
            yield RESULT, tag.get("resultVariable") or ""
    if element.loop is not None:
        for name in (element.loop.input_element, element.loop.output_collection):
            if name:
                yield OF_LOOP, name
