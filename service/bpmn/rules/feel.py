"""FEEL stands where it must, is absent where it must be, and can be read."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.positions import NEVER, REQUIRED, Position, positions
from service.domain.errors import Finding
from service.feel import FeelSyntaxError, Text, compile_expression

ADD_SIGN = Text("在开头加 =。", "Begin it with =.")
WRITE_FIXED = Text("写成固定文本。", "Write a fixed text.")


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every misplaced or malformed expression.

    Source: Camunda 8 (ZeebeRuntimeValidators).
    """
    for process in scene.processes:
        for position in positions(process):
            problem = _problem(position)
            if problem is not None:
                told, advice = problem
                yield scene.error(
                    "feel",
                    told,
                    advice=advice,
                    element_id=position.element_id,
                    line=position.line,
                )


def _problem(position: Position) -> tuple[Text, Text | None] | None:
    """Return what is wrong and an advice, or None when all is well."""
    text, where = position.text, _where(position)
    if not text.startswith("="):
        return (_no_feel(where, text), ADD_SIGN) if position.feel == REQUIRED else None
    if position.feel == NEVER:
        return _not_fixed(where, text), WRITE_FIXED
    try:
        compile_expression(text[1:])
    except FeelSyntaxError as error:
        return _malformed(where, text, error.sentence), None
    return None


def _where(position: Position) -> Text:
    attribute, owner = position.attribute, position.element_id
    return Text(f"«{owner}» 的 {attribute}", f"The {attribute:en} of '{owner}'")


def _no_feel(where: Text, text: str) -> Text:
    return Text(
        f"{where} 必须是 FEEL 表达式，实际为 «{text}»。",
        f"{where:en} must be a FEEL expression, but is '{text}'.",
    )


def _not_fixed(where: Text, text: str) -> Text:
    return Text(
        f"{where} 不能是表达式，实际为 «{text}»。",
        f"{where:en} must not be an expression, but is '{text}'.",
    )


def _malformed(where: Text, text: str, why: Text) -> Text:
    return Text(
        f"{where} 的 FEEL «{text}» 写错了：{why}",
        f"{where:en} has malformed FEEL, '{text}': {why:en}",
    )
