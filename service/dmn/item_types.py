"""Item definitions as FEEL types.

Source: DMN 1.5 §7.3.2, §10.3.2.6.
"""

from dataclasses import replace
from typing import Any

from service.dmn.regions.constants import NOWHERE
from service.dmn.source import Source
from service.dmn.xml import Element, child, children, text_of
from service.feel import UnaryTests
from service.feel.expression import guarded
from service.feel.limits import STEPS, Spend
from service.feel.number_context import feel_numbers
from service.feel.run import Frame, Run
from service.feel.types import ANY, FeelType, basic_type


def read_types(root: Element, source: Source) -> None:
    """Fill the source's types with the file's item definitions."""
    by_name = {node.get("name", ""): node for node in children(root, "itemDefinition")}
    reader = _TypeReader(by_name, source)
    for name in by_name:
        reader.named(name, ())


class _TypeReader:
    def __init__(self, by_name: dict[str, Element], source: Source) -> None:
        self._by_name = by_name
        self._source = source

    def named(self, name: str, path: tuple[str, ...]) -> FeelType:
        """Return the type of a name, reading its definition when that was not done yet."""
        known = self._source.types.get(name) or basic_type(name) or basic_type(_plain(name))
        if known is not None:
            return known
        node = self._by_name.get(name)
        if node is None:
            node = self._by_name.get(_plain(name))
        if node is None or name in path:
            return ANY
        made = self._definition(node, (*path, name))
        self._source.types[name] = made
        self._source.allowed[name] = self._allowed(node)
        return made

    def _allowed(self, node: Element) -> tuple[UnaryTests, ...]:
        """Return the tests on a type's values, those of the type it restricts first."""
        if node.get("isCollection") in ("true", "1"):
            return ()
        tests = list(self._source.allowed.get(_type_name(node), ()))
        for name in ("allowedValues", "typeConstraint"):
            compiled = self._constraint(node, name)
            if compiled is not None:
                tests.append(compiled)
        return tuple(tests)

    def _definition(self, node: Element, path: tuple[str, ...]) -> FeelType:
        made = self._constrained(node, self._base(node, path), "allowedValues")
        if node.get("isCollection") in ("true", "1"):
            made = FeelType("list", item=made)
        return self._constrained(node, made, "typeConstraint")

    def _base(self, node: Element, path: tuple[str, ...]) -> FeelType:
        components = list(children(node, "itemComponent"))
        if components:
            members = tuple(
                (one.get("name", ""), self._definition(one, path)) for one in components
            )
            return FeelType("context", members=members)
        function = child(node, "functionItem")
        if function is not None:
            return self._function(function, path)
        name = _type_name(node)
        if name and not self._is_known(name):
            self._source.warn_of_type(node, name)
        return self.named(name, path) if name else ANY

    def _is_known(self, name: str) -> bool:
        return self._source.knows_type(name) or {name, _plain(name)} & set(self._by_name) != set()

    def _function(self, node: Element, path: tuple[str, ...]) -> FeelType:
        parameters = tuple(
            self.named(one.get("typeRef", ""), path) for one in children(node, "parameters")
        )
        returns = node.get("outputTypeRef")
        return FeelType(
            "function",
            parameters=parameters,
            returns=self.named(returns, path) if returns else None,
        )

    def _constrained(self, node: Element, made: FeelType, name: str) -> FeelType:
        tests = self._constraint(node, name)
        return made if tests is None else constrained(made, tests)

    def _constraint(self, node: Element, name: str) -> UnaryTests | None:
        constraint = child(node, name)
        text = text_of(constraint).strip()
        if constraint is None or not text:
            return None
        return self._source.unary_tests(constraint, text)


def constrained(made: FeelType, tests: UnaryTests) -> FeelType:
    """Return the type with one more test on its values."""
    earlier = made.allows

    def allows(value: Any, spend: Spend) -> bool:
        if earlier is not None and not earlier(value, spend):
            return False
        run = Run(NOWHERE)
        with feel_numbers():
            met = guarded(tests.met_in, Frame({"?": value}, None, run))
        spend(1 + STEPS - run.steps)
        return met is True

    return replace(made, allows=allows)


def _type_name(node: Element) -> str:
    """Return the name in the `typeRef` child, or the empty string."""
    reference = child(node, "typeRef")
    return (reference.text or "").strip() if reference is not None else ""


def _plain(name: str) -> str:
    return name.partition(":")[2] if ":" in name else name
