"""Reading DMN files as XML that may be hostile: no DOCTYPE, no entities, no network, bounded.

Element names are compared without their namespace, so DMN 1.1 to 1.5 read alike.
"""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from service.domain.errors import DeploymentRefusedError, Finding

MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 200_000
MAX_DEPTH = 120
_PIECE_BYTES = 64 * 1024
_NAMESPACE_PARTS = ("/spec/DMN/", "/spec/FEEL/")

Element = etree._Element


def read_tree(xml: bytes, resource: str) -> Element:
    """Return the root element of a harmless file.

    Raises:
        DeploymentRefusedError: It is too large, no XML, or holds what is not allowed.
    """
    if len(xml) > MAX_BYTES:
        raise _refused("xml_size", f"文件有 {len(xml)} 字节，最多允许 {MAX_BYTES} 字节。", resource)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        _feed(parser, xml, resource)
        root = parser.close()
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise _refused("xml_syntax", f"不是格式良好的 XML：{error.msg}", resource, line) from error
    _refuse_doctype(root, resource)
    return root


def _feed(parser: etree.XMLPullParser, xml: bytes, resource: str) -> None:
    elements = depth = 0
    for begin in range(0, len(xml), _PIECE_BYTES):
        parser.feed(xml[begin : begin + _PIECE_BYTES])
        for event, node in parser.read_events():
            if event == "end":
                depth -= 1
                continue
            elements, depth = elements + 1, depth + 1
            if elements == 1:
                _refuse_doctype(cast(Element, node), resource)
            if elements > MAX_ELEMENTS:
                raise _refused("xml_size", f"元素超过 {MAX_ELEMENTS} 个。", resource)
            if depth > MAX_DEPTH:
                raise _refused("xml_depth", f"元素嵌套超过 {MAX_DEPTH} 层。", resource)


def _refuse_doctype(root: Element, resource: str) -> None:
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.system_url or info.public_id:
        raise _refused("xml_doctype", "文件含有 DOCTYPE 声明，不允许。", resource, 1)


def _refused(
    rule: str, message: str, resource: str, line: int | None = None
) -> DeploymentRefusedError:
    finding = Finding("error", rule, message, resource=resource, line=line)
    return DeploymentRefusedError(f"Expected a readable DMN file, but: {message}", [finding])


def local_name(node: Element) -> str:
    """Return an element's name without namespace."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_dmn(node: Element) -> bool:
    """Tell whether an element belongs to DMN, of whatever version."""
    tag = node.tag
    return isinstance(tag, str) and any(part in tag for part in _NAMESPACE_PARTS)


def children(node: Element, *names: str) -> Iterator[Element]:
    """Yield the DMN children, those of the given local names when any are given."""
    for child in node:
        if is_dmn(child) and (not names or local_name(child) in names):
            yield child


def child(node: Element, name: str) -> Element | None:
    """Return the first DMN child of that local name, or None."""
    return next(children(node, name), None)


def text_of(node: Element | None) -> str:
    """Return the content of the `text` child, or the empty string."""
    if node is None:
        return ""
    text = child(node, "text")
    return "" if text is None else (text.text or "")


def line_of(node: Element) -> int | None:
    """Return the line an element begins in."""
    line = node.sourceline
    return line if isinstance(line, int) else None
