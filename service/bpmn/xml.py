"""XML as bytes -> tree, every door of XML shut: no DOCTYPE, entities, network; bounded size."""

from typing import cast

from lxml import etree

from service.domain.errors import DeploymentRefusedError, Finding

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

MAX_BYTES = 10 * 1024 * 1024
MAX_ELEMENTS = 200_000
MAX_DEPTH = 200
PIECE_BYTES = 64 * 1024


def bpmn(name: str) -> str:
    """Return a BPMN element's full name as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def source_line(node: etree._Element) -> int:
    """Return the line an element begins in, 0 when it is not known."""
    return cast("int | None", node.sourceline) or 0


def read_tree(xml: bytes, resource: str) -> etree._Element:
    """Return the root element of a harmless, bounded XML document.

    Elements are counted while reading, so a bomb is refused before it is in memory as a whole.

    Raises:
        DeploymentRefusedError: Too large, too deep, too many elements, a DOCTYPE, or not
            well-formed.
    """
    if len(xml) > MAX_BYTES:
        raise _refused("xml_size", f"文件有 {len(xml)} 字节，最多允许 {MAX_BYTES} 字节。", resource)
    # libxml2 gives the DOCTYPE only with the finished tree: feed it piece by piece, look at each
    # start.
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
        root: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in xml:
            raise _doctype_refused(resource) from error
        line = error.lineno or None
        raise _refused("xml_syntax", f"不是格式良好的 XML：{error.msg}", resource, line) from error
    _refuse_doctype(root, resource)
    return root


def _feed(parser: etree.XMLPullParser, xml: bytes, resource: str) -> None:
    elements = depth = 0
    for begin in range(0, len(xml), PIECE_BYTES):
        parser.feed(xml[begin : begin + PIECE_BYTES])
        for event, node in parser.read_events():
            if event == "end":
                depth -= 1
                continue
            elements, depth = elements + 1, depth + 1
            if elements == 1:
                _refuse_doctype(cast(etree._Element, node), resource)
            if elements > MAX_ELEMENTS:
                raise _refused("xml_size", f"元素超过 {MAX_ELEMENTS} 个。", resource)
            if depth > MAX_DEPTH:
                raise _refused("xml_depth", f"元素嵌套超过 {MAX_DEPTH} 层。", resource)


def _refuse_doctype(root: etree._Element, resource: str) -> None:
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.system_url or info.public_id:
        raise _doctype_refused(resource)


def _doctype_refused(resource: str) -> DeploymentRefusedError:
    return _refused("xml_doctype", "文件含有 DOCTYPE 声明，不允许。", resource, 1)


def _refused(
    rule: str, message: str, resource: str, line: int | None = None
) -> DeploymentRefusedError:
    finding = Finding("error", rule, message, resource=resource, line=line)
    return DeploymentRefusedError(f"Expected a readable BPMN file, but {message}", [finding])
