"""XML from strangers: bytes to a tree, with every door of XML shut.

root = read_tree(xml, "severity.dmn", "DMN", Bounds(largest=5 * MIB, most_elements=200_000, deepest=120))
"""

from service.xml.reading import MIB, Bounds, Element, local_name, read_tree, source_line

__all__ = ["MIB", "Bounds", "Element", "local_name", "read_tree", "source_line"]
