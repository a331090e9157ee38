"""Bytes to an XML tree: no DOCTYPE, no entities, no network, bounded in size, breadth and depth."""

from dataclasses import dataclass
from typing import cast

from lxml import etree

from service.domain.errors import DeploymentRefusedError, Finding

Element = etree._Element

MIB = 1024 * 1024
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Bounds:
    """How large a document may be.

    Attributes:
        largest: Bytes of the file.
        most_elements: Elements in all.
        deepest: Elements inside each other.
    """

    largest: int
    most_elements: int
    deepest: int


def read_tree(xml: bytes, resource: str, format_name: str, bounds: Bounds) -> Element:
    """Return the root element of a harmless, bounded XML document, comments left out.

    Elements are counted while reading, so a bomb is refused before it is in memory as a whole.

    Args:
        xml: The file.
        resource: Its name, for findings.
        format_name: What it should be (`BPMN`, `DMN`), for the sentence of the refusal.
        bounds: How large it may be.

    Raises:
        DeploymentRefusedError: Too large, too deep, too many elements, a DOCTYPE, or not
            well-formed.
    """
    return _Reading(resource, format_name, bounds).tree(xml)


def local_name(node: Element) -> str:
    """Return an element's name without namespace; empty for what is no element."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def source_line(node: Element) -> int | None:
    """Return the line an element begins in, None when it is not known."""
    line = node.sourceline
    return line if isinstance(line, int) else None


_NO_TEXT = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)
"""How files begin that people take for a diagram by mistake: pictures, archives, PDF, Office."""


class _Reading:
    """One document on its way from bytes to tree."""

    def __init__(self, resource: str, format_name: str, bounds: Bounds) -> None:
        self._resource = resource
        self._format = format_name
        self._bounds = bounds

    def tree(self, xml: bytes) -> Element:
        largest = self._bounds.largest
        if len(xml) > largest:
            raise self._refused(
                "xml_size",
                f"文件有 {len(xml)} 字节，最多允许 {largest} 字节。",
                f"檔案有 {len(xml)} 位元組，最多允許 {largest} 位元組。",
                f"Expected at most {largest} bytes, but the file has {len(xml)}.",
            )
        if not xml.strip():
            raise self._refused(
                "xml_syntax", "文件是空的。", "檔案是空的。", "Expected XML, but the file is empty."
            )
        if xml.startswith(_NO_TEXT):
            raise self._refused(
                "xml_syntax",
                "这不是 XML 文件，而是图片、压缩包或文档，只是扩展名相同。",
                "這不是 XML 檔案，而是圖片、壓縮檔或文件，只是副檔名相同。",
                "Expected XML, but this is a picture, an archive or a document by another name.",
            )
        parser = _parser()
        try:
            self._feed(parser, xml)
            root: Element = parser.close()
        except etree.XMLSyntaxError as error:
            if b"<!DOCTYPE" in xml:
                raise self._doctype_refused() from error
            raise self._refused(
                "xml_syntax",
                f"不是格式良好的 XML：{error.msg}",
                f"不是格式良好的 XML：{error.msg}",
                f"This is no well-formed XML: {error.msg}.",
                error.lineno or None,
            ) from error
        self._refuse_doctype(root)
        return root

    def _feed(self, parser: etree.XMLPullParser, xml: bytes) -> None:
        # libxml2 tells of a DOCTYPE only with the tree: look at the first start, feed in pieces.
        elements = depth = 0
        bounds = self._bounds
        for begin in range(0, len(xml), _PIECE_BYTES):
            parser.feed(xml[begin : begin + _PIECE_BYTES])
            for event, node in parser.read_events():
                if event == "end":
                    depth -= 1
                    continue
                elements, depth = elements + 1, depth + 1
                if elements == 1:
                    self._refuse_doctype(cast(Element, node))
                if elements > bounds.most_elements:
                    raise self._too_many()
                if depth > bounds.deepest:
                    raise self._too_deep()

    def _refuse_doctype(self, root: Element) -> None:
        info = root.getroottree().docinfo
        if info.internalDTD is not None or info.system_url or info.public_id:
            raise self._doctype_refused()

    def _doctype_refused(self) -> DeploymentRefusedError:
        return self._refused(
            "xml_doctype",
            "文件含有 DOCTYPE 声明，不允许。",
            "檔案含有 DOCTYPE 宣告，不允許。",
            "The file holds a DOCTYPE, which is not allowed.",
            1,
        )

    def _too_many(self) -> DeploymentRefusedError:
        most = self._bounds.most_elements
        return self._refused(
            "xml_size",
            f"元素超过 {most} 个。",
            f"元素超過 {most} 個。",
            f"There are over {most} elements.",
        )

    def _too_deep(self) -> DeploymentRefusedError:
        deepest = self._bounds.deepest
        return self._refused(
            "xml_depth",
            f"元素嵌套超过 {deepest} 层。",
            f"元素巢狀超過 {deepest} 層。",
            f"Elements are nested over {deepest} deep.",
        )

    def _refused(
        self, rule: str, message: str, traditional: str, english: str, line: int | None = None
    ) -> DeploymentRefusedError:
        finding = Finding(
            "error",
            rule,
            message,
            resource=self._resource,
            line=line,
            english=english,
            traditional=traditional,
        )
        return DeploymentRefusedError(
            f"Expected a readable {self._format} file, but: {english}", [finding]
        )


def _parser() -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
