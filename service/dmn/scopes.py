"""Which names the expressions of an element may speak, so that names with spaces or signs are told apart.

Known to an element: its own names (variables, parameters, context entries, columns, iterators), those
of everything it requires, however far, because keys of a result are spoken in paths; components of
types; and what it imports. `a-b` is a difference where nobody required is called so.

Source: DMN 1.5 §10.3.2.9 (scope), §10.4.
"""

from collections.abc import Iterator, Mapping

from service.dmn.xml import Element, children, local_name
from service.feel.known_names import PLAIN

_NAMED = frozenset(
    {
        "variable", "inputData", "decision", "businessKnowledgeModel", "decisionService",
        "formalParameter", "itemComponent", "column", "parameter", "import", "output", "parameters",
    }
)  # fmt: skip
MOST_STEPS = 20_000
"""How many requirements of all elements together are followed."""

_EVERYWHERE = frozenset({"itemDefinition", "import"})
_LOOPS = frozenset({"for", "some", "every"})


class Scopes:
    """The names of one file.

    Attributes:
        everything: Every name with spaces or signs in the file and in those it imports; others need not
            be known.
    """

    def __init__(self, root: Element, imported: Mapping[str, frozenset[str]]) -> None:
        """Take the file and the names of each imported one, by namespace."""
        self._imported = imported
        self._elements: dict[str, Element] = {}
        own: list[frozenset[str]] = []
        everywhere: set[str] = set()
        for node in children(root):
            names = frozenset(_names(node))
            own.append(names)
            if local_name(node) in _EVERYWHERE:
                everywhere |= names
            else:
                self._elements[_key(node)] = node
        self._own = {key: frozenset(_names(node)) for key, node in self._elements.items()}
        self._everywhere = everywhere
        self._steps = MOST_STEPS
        self.everything = frozenset[str]().union(*own, *imported.values())

    def of(self, element: Element) -> frozenset[str]:
        """Return the names that the expressions of an element may speak.

        In a file whose elements require each other without end, all of its names.
        """
        found = set(self._everywhere)
        waiting, seen = [_key(element)], set[str]()
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self._elements:
                continue
            self._steps -= 1
            if self._steps < 0:
                return self.everything
            seen.add(key)
            found |= self._own[key]
            for namespace, target in _references(self._elements[key]):
                found |= self._imported.get(namespace, frozenset())
                waiting.append(target)
        return frozenset(found)


def _key(element: Element) -> str:
    """Return what references call an element by (the id is optional in DMN)."""
    return element.get("id") or element.get("name") or ""


def _names(element: Element) -> Iterator[str]:
    """Yield the names inside of an element that a plain scan would cut short."""
    for node in element.iter():
        if not isinstance(node.tag, str):
            continue
        kind = local_name(node)
        name = node.get("name") if kind in _NAMED else None
        if kind in _LOOPS:
            name = node.get("iteratorVariable")
        if name and not PLAIN.fullmatch(name.strip()):
            yield name


def _references(element: Element) -> Iterator[tuple[str, str]]:
    for node in element.iter():
        href = node.get("href")
        if href:
            namespace, _, target = href.rpartition("#")
            yield namespace, target
