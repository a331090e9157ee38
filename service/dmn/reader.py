"""A DMN file as bytes to `Definitions`, everything in it compiled.

Source: DMN 1.5 §6.3, §7.3.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from service.dmn.item_types import read_types
from service.dmn.logic_reader import parameters_of, read_logic
from service.dmn.model import (
    Decision,
    DecisionInfo,
    Definitions,
    InputData,
    Knowledge,
    Node,
    OwnedTable,
    Reference,
    Service,
)
from service.dmn.requirements import cycle_in
from service.dmn.scopes import Scopes
from service.dmn.source import Source
from service.dmn.tables import DecisionTable
from service.dmn.xml import Element, child, children, line_of, local_name, read_tree
from service.domain.errors import DeploymentRefusedError
from service.feel.findings import finding_of
from service.feel.types import FeelType
from service.feel.wording import Text, verbatim

_NO_DMN = Text("根元素应为 DMN 的 definitions。", "Expected DMN's definitions as root element.")
_TOO_DEEP = Text("元素或类型互相嵌套太深。", "Elements or types are nested too deep.")
_NO_OUTPUT_DECISION = Text(
    "决策服务没有输出决策，结果总是空的上下文。",
    "The decision service has no output decision: its result is always the empty context.",
)
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")
_FUNCTIONS = (
    "businessKnowledgeModel",
    "decisionService",
    "decision",
    "contextEntry",
    "formalParameter",
)


def parse(
    xml: bytes,
    resource: str = "",
    imports: Mapping[str, Definitions] | None = None,
    origin: Any = None,
) -> Definitions:
    """Return what a DMN file says; DMN 1.1 to 1.5, all FEEL compiled.

    Args:
        xml: The file.
        resource: Its name, for findings.
        imports: Files it imports, by namespace, needed when expressions speak their names.
        origin: What the caller knows the file by.

    Raises:
        DeploymentRefusedError: It is no DMN, is hostile XML, or something in it cannot be executed.
    """
    root = read_tree(xml, resource)
    if local_name(root) != "definitions" or "/spec/DMN/" not in str(root.tag):
        finding = finding_of("error", "not_dmn", _NO_DMN, resource=resource, line=line_of(root))
        raise DeploymentRefusedError("Expected a DMN file, but got another root.", [finding])
    try:
        return replace(_File(root, resource, imports or {}).read(), origin=origin)
    except RecursionError as error:
        finding = finding_of("error", "nesting", _TOO_DEEP, resource=resource)
        raise DeploymentRefusedError(
            "Expected a DMN file that is not nested so deep.", [finding]
        ) from error


class _File:
    """One file on its way from XML to `Definitions`."""

    def __init__(self, root: Element, resource: str, imports: Mapping[str, Definitions]) -> None:
        self.root = root
        self.namespace = root.get("namespace", "")
        self.import_names = {
            node.get("namespace", ""): node.get("name", "") for node in children(root, "import")
        }
        self.imports = {name: imports[name] for name in self.import_names if name in imports}
        known = {name: imported.names for name, imported in self.imports.items()}
        self.scopes = Scopes(root, known)
        self.source = Source(resource, self.scopes.everything)
        self.source.language = root.get("expressionLanguage", "")
        self.source.taken = self._function_names()

    def read(self) -> Definitions:
        """Return the file's content.

        Raises:
            DeploymentRefusedError: There are findings that refuse it.
        """
        self._take_imported_types()
        read_types(self.root, self.source)
        nodes = self._nodes()
        self._check_references(nodes)
        _refuse(self.source)
        return Definitions(
            id=self.root.get("id", ""),
            name=self.root.get("name", ""),
            namespace=self.namespace,
            decisions=tuple(self._infos(nodes)),
            nodes=nodes,
            resource=self.source.resource,
            import_names=self.import_names,
            imports=self.imports,
            types=self.source.types,
            names=self.source.names,
            tables=tuple(_owned(node, table) for node, table in self.source.tables),
            findings=tuple(self.source.findings),
        )

    def _function_names(self) -> frozenset[str]:
        """Return the names of the file that may stand for functions, so hide built-in ones."""
        found = {
            node.get("name", "")
            for kind in _FUNCTIONS
            for owner in self.root.iter("{*}" + kind)
            for node in (owner, *children(owner, "variable"))
        }
        return frozenset(found - {""})

    def _take_imported_types(self) -> None:
        for namespace, imported in self.imports.items():
            prefix = self.import_names[namespace]
            for name, kind in imported.types.items():
                self.source.types[f"{prefix}.{name}" if prefix else name] = kind

    def _nodes(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for element in children(self.root, *_READERS):
            with self.source.scope(self.scopes.of(element)):
                node = _READERS[local_name(element)](self, element)
            if node.id in found:
                text = Text(f"id“{node.id}”重复。", f"The id '{node.id}' stands there twice.")
                self.source.refuse(element, "double_id", text)
            found[node.id] = node
        return found

    def reference(self, element: Element) -> Reference:
        """Return where an `href` points."""
        href = element.get("href", "")
        namespace, mark, name = href.rpartition("#")
        if not mark:
            namespace, name = "", href
        return Reference("" if namespace == self.namespace else namespace, name)

    def requires(self, element: Element) -> tuple[Reference, ...]:
        """Return all requirements of a decision or knowledge model."""
        return tuple(
            self.reference(target)
            for requirement in children(element, *_REQUIREMENTS)
            for target in children(requirement, *_REQUIRED)
        )

    def variable_type(self, element: Element) -> FeelType | None:
        """Return the type demanded of an element's variable."""
        variable = child(element, "variable")
        if variable is None:
            return None
        name = variable.get("typeRef")
        if name and not self.source.knows_type(name):
            self.source.warn_of_type(element, name)
        return self.source.type(name)

    def _check_references(self, nodes: Mapping[str, Node]) -> None:
        for element in children(self.root, "decision", "businessKnowledgeModel"):
            for reference in self.requires(element):
                if not reference.namespace and reference.id not in nodes:
                    text = Text(
                        f"引用的元素“{reference.id}”不存在。",
                        f"The element '{reference.id}' referred to does not exist.",
                    )
                    self.source.refuse(element, "broken_reference", text)
        cycle = cycle_in(nodes)
        if cycle:
            path = " → ".join(nodes[one].name for one in cycle)
            text = Text(
                f"决策的依赖成环：{verbatim(path)}。", f"Decisions require each other: {path}."
            )
            self.source.refuse(self.root, "requirement_cycle", text)

    def _infos(self, nodes: Mapping[str, Node]) -> Iterable[DecisionInfo]:
        for element in children(self.root, "decision"):
            node = nodes[_id(element)]
            assert isinstance(node, Decision)
            yield DecisionInfo(
                node.id, node.name, _version_tag(element), _inputs(node, nodes), _outputs(node)
            )


def _owned(node: Element, table: DecisionTable) -> OwnedTable:
    owner = next(one for one in node.iterancestors() if local_name(one) in _READERS)
    return OwnedTable(node.get("id", ""), _id(owner), owner.get("name", ""), table, line_of(node))


def _refuse(source: Source) -> None:
    errors = [finding for finding in source.findings if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise DeploymentRefusedError(
            f"Expected a DMN file that can be executed, but '{source.resource}' has "
            f"{len(errors)} errors, first: {first.english}",
            errors,
        )


def _version_tag(element: Element) -> str | None:
    extensions = child(element, "extensionElements")
    if extensions is None:
        return None
    for node in extensions:
        if isinstance(node.tag, str) and local_name(node) == "versionTag":
            return node.get("value")
    return None


def _inputs(node: Decision, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    required = [nodes.get(reference.id) for reference in node.requires if not reference.namespace]
    names = [one.name for one in required if isinstance(one, InputData | Decision)]
    if isinstance(node.logic, DecisionTable):
        names += [
            name for column in node.logic.inputs for name in sorted(column.expression.names_used)
        ]
    return tuple(dict.fromkeys(names))


def _outputs(node: Decision) -> tuple[str, ...]:
    if isinstance(node.logic, DecisionTable):
        return tuple(column.name or node.variable for column in node.logic.outputs)
    return (node.variable,)


def _id(element: Element) -> str:
    """Return the id; an element without one is known by its name (the id is optional in DMN)."""
    return element.get("id") or element.get("name") or ""


def _input_data(file: _File, element: Element) -> Node:
    return InputData(_id(element), _variable_name(element), file.variable_type(element))


def _decision(file: _File, element: Element) -> Node:
    return Decision(
        id=_id(element),
        name=element.get("name", ""),
        variable=_variable_name(element),
        type=file.variable_type(element),
        logic=read_logic(element, file.source),
        requires=file.requires(element),
        line=line_of(element),
    )


def _knowledge(file: _File, element: Element) -> Node:
    body = child(element, "encapsulatedLogic")
    if body is not None and body.get("kind", "FEEL") != "FEEL":
        kind = body.get("kind")
        text = Text(
            f"不支持外部函数（{kind}），调用结果为 null。",
            f"External functions ({kind}) are not supported: calls give null.",
        )
        file.source.warn(element, "external_function", text)
        body = None
    return Knowledge(
        id=_id(element),
        name=_variable_name(element),
        parameters=parameters_of(body, file.source) if body is not None else (),
        type=file.variable_type(element),
        logic=read_logic(body, file.source),
        requires=file.requires(element),
    )


def _service(file: _File, element: Element) -> Node:
    def references(name: str) -> tuple[Reference, ...]:
        return tuple(file.reference(one) for one in children(element, name))

    if child(element, "outputDecision") is None:
        file.source.warn(element, "no_output_decision", _NO_OUTPUT_DECISION)
    return Service(
        id=_id(element),
        name=_variable_name(element),
        type=file.variable_type(element),
        output_decisions=references("outputDecision"),
        input_decisions=references("inputDecision"),
        input_data=references("inputData"),
    )


def _variable_name(element: Element) -> str:
    variable = child(element, "variable")
    name = variable.get("name") if variable is not None else None
    return name or element.get("name") or ""


_READERS = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}
