"""A DMN file with the files beside it that it imports."""

from pathlib import Path

from service import dmn
from service.dmn.xml import children, read_tree
from service.domain.errors import DeploymentRefusedError


def read_with_imports(file: Path) -> dmn.Definitions:
    """Return what a file says; files it imports are looked for in its folder, by their namespace.

    Raises:
        DeploymentRefusedError: It, or a file it imports, cannot be read.
    """
    return _read(file, _by_namespace(file.parent) if _imported(file) else {}, ())


def _read(file: Path, beside: dict[str, Path], path: tuple[Path, ...]) -> dmn.Definitions:
    imports = {
        namespace: _read(beside[namespace], beside, (*path, file))
        for namespace in _imported(file)
        if namespace in beside and beside[namespace] not in (*path, file)
    }
    return dmn.parse(file.read_bytes(), file.name, imports)


def _imported(file: Path) -> list[str]:
    root = read_tree(file.read_bytes(), file.name)
    return [node.get("namespace", "") for node in children(root, "import")]


def _by_namespace(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("*.dmn")):
        try:
            namespace = read_tree(file.read_bytes(), file.name).get("namespace", "")
        except DeploymentRefusedError:
            # It is none of the files asked for, or the import will be missed there.
            continue
        found.setdefault(namespace, file)
    return found
