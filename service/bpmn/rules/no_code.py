"""No program code in diagrams: FEEL is the only language."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.xml import bpmn, source_line
from service.domain.errors import Finding

FEEL_NAMES = ("feel", "/feel/", "http://www.omg.org/spec/feel/")
EXPRESSIONS = frozenset(
    map(bpmn, ("conditionExpression", "condition", "loopCondition", "completionCondition"))
) | {bpmn(f"time{kind}") for kind in ("Date", "Duration", "Cycle")}


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every script body and every expression in another language.

    Source: docs/dialect.md (FEEL only).
    """
    language = scene.file.root.get("expressionLanguage")
    if language and _is_foreign(language) and "XPath" not in language and _speaks(scene):
        yield _found(scene, scene.file.root, f"文件的表达式语言是 «{language}»，只支持 FEEL。")
    for node in scene.nodes:
        script_format, written = node.get("scriptFormat"), node.get("language")
        if node.tag == bpmn("script"):
            yield _found(scene, node, "bpmn:script 里的程序不会被执行，只支持 FEEL。")
        if node.tag == bpmn("scriptTask") and script_format and _is_foreign(script_format):
            yield _found(scene, node, f"脚本语言是 «{script_format}»，只支持 FEEL。")
        if written and _is_foreign(written):
            yield _found(scene, node, f"表达式的语言是 «{written}»，只支持 FEEL。")


def _speaks(scene: Scene) -> bool:
    """Whether some expression relies on the language of the file, which is none of Camunda's extensions'."""
    return any(
        (node.text or "").strip() and not node.get("language")
        for node in scene.nodes
        if node.tag in EXPRESSIONS
    )


def _is_foreign(language: str) -> bool:
    return not any(name in language.lower() for name in FEEL_NAMES)


def _found(scene: Scene, node: etree._Element, message: str) -> Finding:
    owner: etree._Element | None = node
    while owner is not None and not owner.get("id"):
        owner = owner.getparent()
    return scene.error(
        "no_code",
        message,
        advice="改写成 FEEL 表达式（以 = 开头）。",
        element_id=owner.get("id") if owner is not None else None,
        line=source_line(node),
    )
