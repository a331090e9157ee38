"""Files that import each other: each is read with those it imports, which are found by their namespace.

Source: DMN 1.5 §6.3.3 (Import); `locationURI` tells apart files that share a namespace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from service.dmn.model import Definitions
from service.dmn.reader import parse
from service.dmn.xml import Element, children, line_of, read_tree
from service.domain.errors import DeploymentRefusedError, Finding
from service.feel.findings import finding_of
from service.feel.wording import Text, verbatim

_LOCATION = Text("请用 locationURI 指明文件名。", "Name one in locationURI.")
_OTHER_KINDS = ("XMLSchema", "PMML")
_K = TypeVar("_K")
_ADVICE = Text(
    "请把它与本文件一起部署，或先部署它。", "Deploy it together with this file, or before it."
)


@dataclass(frozen=True)
class Import:
    """Another DMN file that a file speaks of.

    Attributes:
        location: `locationURI`, or the empty string.
        line: Where it is imported.
    """

    namespace: str
    location: str
    line: int | None

    def means(self, resource: str) -> bool:
        """Tell whether its location names a file."""
        return self.location.rpartition("/")[2] == resource.rpartition("/")[2] != ""


@dataclass(frozen=True)
class Header:
    """What a file says of itself before it is read."""

    namespace: str
    imports: tuple[Import, ...]


Elsewhere = Callable[[Import], Sequence[Definitions]]
"""Gives the files known beside those that are read, by the namespace of an import."""


def header_of(xml: bytes, resource: str) -> Header:
    """Return the namespace of a file and what it imports of DMN; itself left out.

    Raises:
        DeploymentRefusedError: It is no harmless XML.
    """
    root = read_tree(xml, resource)
    namespace = root.get("namespace", "")
    found = {
        one.get("namespace", ""): Import(
            one.get("namespace", ""), one.get("locationURI", ""), line_of(one)
        )
        for one in children(root, "import")
        if _is_of_dmn(one)
    }
    found.pop(namespace, None)
    return Header(namespace, tuple(found.values()))


def _is_of_dmn(node: Element) -> bool:
    kind = node.get("importType", "")
    return not any(other in kind for other in _OTHER_KINDS)


def parse_together(
    files: Mapping[str, bytes], elsewhere: Elsewhere = lambda wanted: ()
) -> dict[str, Definitions]:
    """Return what files say, each read with those it imports: of these files, else from elsewhere.

    Args:
        files: Content by name; the name becomes the `origin` of what was read.

    Raises:
        DeploymentRefusedError: The findings of all files: some cannot be read, or an import is not there.
    """
    reader = _Reader(files, elsewhere)
    for name in files:
        reader.read(name, ())
    if reader.findings:
        first = reader.findings[0]
        raise DeploymentRefusedError(
            f"Expected files that can be read, but '{first.resource}' cannot: {first.english}",
            reader.findings,
        )
    return {name: reader.known[name] for name in files}


class _Reader:
    """Files on their way; a file that cannot be read stands among the findings and not among the known."""

    def __init__(self, files: Mapping[str, bytes], elsewhere: Elsewhere) -> None:
        self.known: dict[str, Definitions] = {}
        self.findings: list[Finding] = []
        self._files = files
        self._elsewhere = elsewhere
        self._failed: set[str] = set()
        self._headers: dict[str, Header] = {}
        for name, xml in files.items():
            try:
                self._headers[name] = header_of(xml, name)
            except DeploymentRefusedError as error:
                self._fail(name, error.findings)

    def read(self, name: str, path: tuple[str, ...]) -> Definitions | None:
        """Return what a file says, reading first what it imports; None when it cannot be read."""
        if name in self.known or name in self._failed:
            return self.known.get(name)
        imports: dict[str, Definitions] = {}
        for wanted in self._headers[name].imports:
            found = self._found(name, wanted, (*path, name))
            if found is not None:
                imports[wanted.namespace] = found
        if len(imports) < len(self._headers[name].imports):
            self._failed.add(name)
            return None
        try:
            self.known[name] = parse(self._files[name], name, imports, origin=name)
        except DeploymentRefusedError as error:
            self._fail(name, error.findings)
        return self.known.get(name)

    def _found(self, name: str, wanted: Import, path: tuple[str, ...]) -> Definitions | None:
        with_namespace = {
            one: one
            for one, header in self._headers.items()
            if header.namespace == wanted.namespace
        }
        if with_namespace:
            return self._found_here(name, wanted, path, _meant(wanted, with_namespace))
        others = dict(enumerate(self._elsewhere(wanted)))
        meant = _meant(wanted, {place: one.resource for place, one in others.items()})
        if len(meant) == 1:
            return others[meant[0]]
        if meant:
            self._refuse_ambiguous(name, wanted, [others[place].resource for place in meant])
        else:
            self._refuse(name, wanted, "missing_import", _missing(wanted), _ADVICE)
        return None

    def _found_here(
        self, name: str, wanted: Import, path: tuple[str, ...], meant: list[str]
    ) -> Definitions | None:
        if len(meant) > 1:
            self._refuse_ambiguous(name, wanted, meant)
            return None
        if meant[0] in path:
            around = " → ".join((*path[path.index(meant[0]) :], meant[0]))
            text = Text(
                f"文件互相导入成环：{verbatim(around)}。", f"Files import each other: {around}."
            )
            self._refuse(name, wanted, "import_cycle", text)
            return None
        return self.read(meant[0], path)

    def _refuse_ambiguous(self, name: str, wanted: Import, several: Sequence[str]) -> None:
        names = ", ".join(several)
        text = Text(
            f"导入的命名空间“{wanted.namespace}”属于多个文件（{verbatim(names)}）。",
            f"The namespace '{wanted.namespace}' imported is that of several files ({names}).",
        )
        self._refuse(name, wanted, "ambiguous_import", text, _LOCATION)

    def _refuse(
        self, name: str, wanted: Import, rule: str, text: Text, advice: Text | None = None
    ) -> None:
        self._fail(name, [finding_of("error", rule, text, advice, resource=name, line=wanted.line)])

    def _fail(self, name: str, findings: Sequence[Finding]) -> None:
        self._failed.add(name)
        self.findings.extend(findings)


def _meant(wanted: Import, names: Mapping[_K, str]) -> list[_K]:
    """Return which of some files are meant: those at the location, when any is."""
    there = [one for one, resource in names.items() if wanted.means(resource)]
    return there or list(names)


def _missing(wanted: Import) -> Text:
    return Text(
        f"找不到所导入的命名空间“{wanted.namespace}”的 DMN 文件。",
        f"There is no DMN file with the namespace '{wanted.namespace}' that is imported.",
    )
