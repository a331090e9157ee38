"""A DMN file with the files beside it that it imports."""

from collections.abc import Sequence
from pathlib import Path

from service import dmn
from service.dmn.importing import header_of
from service.domain.errors import DeploymentRefusedError


def read_with_imports(file: Path) -> dmn.Definitions:
    """Return what a file says; files it imports are looked for in its folder, by their namespace.

    Raises:
        DeploymentRefusedError: It, or a file it imports, cannot be read or is not there.
    """
    return _Folder(file.parent).read(file, ())


class _Folder:
    """The DMN files of a folder; those that are no DMN are none of the files asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._namespaces: dict[Path, str] | None = None

    def read(self, file: Path, path: tuple[Path, ...]) -> dmn.Definitions:
        """Return what a file says, asked for by the files of `path`."""

        def beside(wanted: dmn.Import) -> Sequence[dmn.Definitions]:
            return [
                self.read(one, (*path, file))
                for one, namespace in self._found().items()
                if namespace == wanted.namespace and one not in (*path, file)
            ]

        return dmn.parse_together({file.name: file.read_bytes()}, beside)[file.name]

    def _found(self) -> dict[Path, str]:
        if self._namespaces is None:
            self._namespaces = {}
            for file in sorted(self._folder.glob("*.dmn")):
                try:
                    self._namespaces[file] = header_of(file.read_bytes(), file.name).namespace
                except DeploymentRefusedError:
                    continue
        return self._namespaces
