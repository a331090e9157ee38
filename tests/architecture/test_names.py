"""What a docstring names is there, and what a module offers somebody reads."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

READ_ELSEWHERE = {
    "service.engine.compiled.compile_process": "the engine's own door; the house reads the model first",
    "service.persistence.rare_facts.WATCHED": "a register: what the triggers of a migration watch",
}
"""Names that nothing in the house reads, and why they stand there."""

HANDING_BACK = frozenset({"cache", "contextmanager", "dataclass", "lru_cache"})
"""Decorators that only hand back what they decorate; any other one registers it with somebody."""

SECTION = r"^( *){}:\n((?:\1 +.*\n|\n)*)"
ENTRY = re.compile(r"([\w*`, ]+?)(?: \(.*?\))?:(?: |$)")


@cache
def trees() -> dict[str, ast.Module]:
    """Return the modules of the house by name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text())
        for room in ("service", "workers")
        for path in (ROOT / room).rglob("*.py")
        if "versions" not in path.parts
    }


def test_what_a_docstring_names_is_there() -> None:
    """`Args:` names parameters, `Attributes:` what the class has, or one that it is made from."""
    classes = _classes()
    wrong = []
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                there, told = _parameters(node), _told(node, "Args")
            elif isinstance(node, ast.ClassDef):
                there, told = _members(node, classes), _told(node, "Attributes")
            else:
                continue
            wrong += [f"{module}.{node.name}: {name}" for name in told - there]
    assert wrong == []


def _told(node: ast.FunctionDef | ast.ClassDef, section: str) -> set[str]:
    """Return the names of the entries in a section of a docstring."""
    text = f"{ast.get_docstring(node) or ''}\n"
    found = re.search(SECTION.format(section), text, re.MULTILINE)
    lines = [line for line in found[2].splitlines() if line] if found else []
    outermost = min(map(_indent, lines), default=0)
    entries = (ENTRY.match(line.strip()) for line in lines if _indent(line) == outermost)
    return {name.strip(" `*") for entry in entries if entry for name in entry[1].split(",")}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _parameters(node: ast.FunctionDef) -> set[str]:
    return {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}


def _classes() -> dict[str, list[ast.ClassDef]]:
    """Return the classes of the house by name, which several may have."""
    found: dict[str, list[ast.ClassDef]] = {}
    for tree in trees().values():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(node)
    return found


def _members(node: ast.ClassDef, classes: dict[str, list[ast.ClassDef]]) -> set[str]:
    """Return what is set in a class, what it defines, and the same of its bases."""
    found = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    for one in ast.walk(node):
        if isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Store):
            found.add(one.id if isinstance(one, ast.Name) else one.attr)
    for base in node.bases:
        name = ast.unparse(base).partition("[")[0].rpartition(".")[2]
        for other in classes.get(name, []) if name != node.name else []:
            found |= _members(other, classes)
    return found


def test_what_a_module_offers_somebody_reads() -> None:
    """A function, class or constant that only tests read looks as if the house could not do without."""
    read = frozenset(name for module, tree in trees().items() for name in _read(module, tree))
    offered = ((module, name) for module, tree in trees().items() for name in _offered(tree))
    idle = {f"{module}.{name}" for module, name in offered if name not in read}
    assert idle == set(READ_ELSEWHERE)


def _offered(tree: ast.Module) -> Iterator[str]:
    """Give the names that a module defines and no decorator has registered."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            decorators = (ast.unparse(one).partition("(")[0] for one in node.decorator_list)
            if HANDING_BACK.issuperset(decorators):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for one in targets if isinstance(one, ast.Name) and one.id[0] != "_")


def _read(module: str, tree: ast.Module) -> Iterator[str]:
    """Give the names that a module reads; what a package only hands on is not read by it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom) and not module.endswith(".__init__"):
            yield from (one.name for one in node.names)
