"""No program code in diagrams: FEEL is the only language."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.xml import bpmn, source_line
from service.domain.errors import Finding
from service.feel import Text

FEEL_NAMES = ("feel", "/feel/", "http://www.omg.org/spec/feel/")
EXPRESSIONS = frozenset(
    map(bpmn, ("conditionExpression", "condition", "loopCondition", "completionCondition"))
) | {bpmn(f"time{kind}") for kind in ("Date", "Duration", "Cycle")}

ADVICE = Text(
    "改写成 FEEL 表达式（以 = 开头）。", "Rewrite it as a FEEL expression, which begins with =."
)
SCRIPT = Text(
    "bpmn:script 里的程序不会被执行，只支持 FEEL。",
    "The program in bpmn:script is not carried out: only FEEL is supported.",
)


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every script body and every expression in another language.

    Source: docs/dialect.md (FEEL only).
    """
    language = scene.file.root.get("expressionLanguage")
    if language and _is_foreign(language) and "XPath" not in language and _speaks(scene):
        told = Text("文件的表达式语言", "The expression language of the file")
        yield _found(scene, scene.file.root, _foreign(told, language))
    for node in scene.nodes:
        script_format, written = node.get("scriptFormat"), node.get("language")
        if node.tag == bpmn("script"):
            yield _found(scene, node, SCRIPT)
        if node.tag == bpmn("scriptTask") and script_format and _is_foreign(script_format):
            told = Text("脚本语言", "The script language")
            yield _found(scene, node, _foreign(told, script_format))
        if written and _is_foreign(written):
            told = Text("表达式的语言", "The language of the expression")
            yield _found(scene, node, _foreign(told, written))


def _foreign(what: Text, language: str) -> Text:
    return Text(
        f"{what}是 «{language}»，只支持 FEEL。",
        f"{what:en} is '{language}', but only FEEL is supported.",
    )


def _speaks(scene: Scene) -> bool:
    """Whether some expression relies on the language of the file, which is none of Camunda's extensions'."""
    return any(
        (node.text or "").strip() and not node.get("language")
        for node in scene.nodes
        if node.tag in EXPRESSIONS
    )


def _is_foreign(language: str) -> bool:
    return not any(name in language.lower() for name in FEEL_NAMES)


def _found(scene: Scene, node: etree._Element, text: Text) -> Finding:
    owner: etree._Element | None = node
    while owner is not None and not owner.get("id"):
        owner = owner.getparent()
    return scene.error(
        "no_code",
        text,
        advice=ADVICE,
        element_id=owner.get("id") if owner is not None else None,
        line=source_line(node),
    )
