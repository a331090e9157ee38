"""BPMN files as XML: the names of their elements, and how large one may be."""

from service.xml import MIB, Bounds, Element
from service.xml import read_tree as read_xml
from service.xml import source_line as line_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

_IN_BPMN = f"{{{BPMN}}}"

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""What XML Schema lets a boolean attribute say; the rule `booleans` refuses any other text."""

BOUNDS = Bounds(largest=10 * MIB, most_elements=200_000, deepest=200)


def bpmn(name: str) -> str:
    """Return a BPMN element's full name as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def bpmn_name(node: Element) -> str:
    """Return the local name of a BPMN element, "" for anything else."""
    tag = node.tag
    return tag[len(_IN_BPMN) :] if isinstance(tag, str) and tag.startswith(_IN_BPMN) else ""


def is_true(node: Element, name: str, *, default: bool = False) -> bool:
    """Return what a boolean attribute says, or the default."""
    return BOOLEANS.get((node.get(name) or "").strip(), default)


def source_line(node: Element) -> int:
    """Return the line an element begins in, 0 when it is not known."""
    return line_of(node) or 0


def owner_id(node: Element) -> str | None:
    """Return the id of the BPMN element that a node is or belongs to, or None."""
    found: Element | None = node
    while found is not None:
        if not str(found.tag).startswith(f"{{{ZEEBE}}}") and found.get("id"):
            return found.get("id")
        found = found.getparent()
    return None


def read_tree(xml: bytes, resource: str) -> Element:
    """Return the root element of a harmless, bounded file.

    Raises:
        DeploymentRefusedError: It is not.
    """
    return read_xml(xml, resource, "BPMN", BOUNDS)
