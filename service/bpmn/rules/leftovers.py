"""Remarks on what stands in a file and does nothing here, as in Camunda 8."""

from collections.abc import Iterator

from lxml import etree

from service.bpmn.gate import Scene, rule
from service.bpmn.leftovers import (
    CAMUNDA_7,
    SILENT,
    UNREAD,
    is_leftover_attribute,
    is_leftover_part,
)
from service.bpmn.reader import NODE_KINDS, unread_parts
from service.bpmn.xml import bpmn, bpmn_name, source_line
from service.domain.errors import Finding
from service.feel import Text

NOT_ASSIGNED = Text(
    "数据关联里的赋值不会被执行。", "The assignment of a data association is not carried out."
)
USE_MAPPINGS = Text("改用输入、输出映射。", "Use input and output mappings.")
REMOVE = Text("可以删除它。", "You may remove it.")
DATA = (bpmn("dataInputAssociation"), bpmn("dataOutputAssociation"))


@rule
def find(scene: Scene) -> Iterator[Finding]:
    """Give every part and attribute that only describes, and mappings of data that nobody carries out."""
    for node in scene.nodes:
        for text, advice in _remarks(node):
            yield scene.warning(
                "leftovers",
                text,
                advice=advice,
                element_id=_owner(node),
                line=source_line(node),
            )


def _remarks(node: etree._Element) -> Iterator[tuple[Text, Text | None]]:
    owns = bpmn_name(node) in NODE_KINDS | {"process"}
    for part in dict.fromkeys(unread_parts(node) if owns else ()):
        if is_leftover_part(node, part):
            yield _describing(part), None
    for attribute in map(etree.QName, map(str, node.keys())):
        name = attribute.localname
        if attribute.namespace != CAMUNDA_7 or name in SILENT:
            continue
        if is_leftover_attribute(node, name):
            yield _leftover(name), REMOVE
    unread = UNREAD.get(str(node.tag))
    if unread is not None and node.get(unread[0]) is not None:
        yield unread[1], None
    if node.tag in DATA and node.find("{*}assignment") is not None:
        yield NOT_ASSIGNED, USE_MAPPINGS


def _describing(part: str) -> Text:
    return Text(
        f"bpmn:{part} 只作说明，不会被执行。", f"bpmn:{part} only describes and is not carried out."
    )


def _leftover(attribute: str) -> Text:
    return Text(
        f"属性 camunda:{attribute} 是 Camunda 7 留下的，在这里不起作用。",
        f"The attribute 'camunda:{attribute}' is left over from Camunda 7 and does nothing here.",
    )


def _owner(node: etree._Element) -> str | None:
    """Return the id of the element that a node is, or is part of."""
    found: etree._Element | None = node
    while found is not None and not found.get("id"):
        found = found.getparent()
    return None if found is None else found.get("id")
