"""FEEL stands where it must, is absent where it must be, and can be read."""

from collections.abc import Iterator

from service.bpmn.gate import Scene, rule
from service.bpmn.positions import NEVER, REQUIRED, Position, positions
from service.domain.errors import BadInputError, Finding
from service.feel import compile_expression


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every misplaced or malformed expression.

    Source: Camunda 8 (ZeebeRuntimeValidators).
    """
    for process in scene.processes:
        for position in positions(process):
            problem = _problem(position)
            if problem is not None:
                message, advice = problem
                yield scene.error(
                    "feel",
                    message,
                    advice=advice,
                    element_id=position.element_id,
                    line=position.line,
                )


def _problem(position: Position) -> tuple[str, str] | None:
    """Return message and advice, or None when all is well."""
    text, where = position.text, f"«{position.element_id}» 的 {position.attribute}"
    if not text.startswith("="):
        if position.feel == REQUIRED:
            return f"{where} 必须是 FEEL 表达式，实际为 «{text}»。", "在开头加 =。"
        return None
    if position.feel == NEVER:
        return f"{where} 不能是表达式，实际为 «{text}»。", "写成固定文本。"
    try:
        compile_expression(text[1:])
    except BadInputError as error:
        return f"{where} 的 FEEL «{text}» 写错了：{error.detail}", ""
    return None
