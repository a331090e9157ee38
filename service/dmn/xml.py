"""DMN files as XML.

Element names are compared without their namespace, so DMN 1.1 to 1.5 read alike.
"""

from collections.abc import Iterator

from service.xml import MIB, Bounds, Element, local_name
from service.xml import read_tree as read_xml
from service.xml import source_line as line_of

__all__ = [
    "Element",
    "child",
    "children",
    "is_dmn",
    "line_of",
    "local_name",
    "read_tree",
    "text_of",
]

BOUNDS = Bounds(largest=5 * MIB, most_elements=200_000, deepest=120)
_NAMESPACE_PARTS = ("/spec/DMN/", "/spec/FEEL/")


def read_tree(xml: bytes, resource: str) -> Element:
    """Return the root element of a harmless, bounded file.

    Raises:
        DeploymentRefusedError: It is not.
    """
    return read_xml(xml, resource, "DMN", BOUNDS)


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
