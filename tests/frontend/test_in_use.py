"""What the front end brings is what the pages use: icons, classes, texts, and the sources that make builds."""

import json
import re
import subprocess
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
WEB = ROOT / "service" / "web"

#: Classes that a script puts together: `hy-` and the state of an element of a diagram.
COMPOSED = {"hy-active", "hy-done", "hy-incident"}

CLASS = re.compile(r"(?<![\w-])hy-[a-z]+(?:-[a-z]+)*(?![\w-])")


def _read(folder: Path, *endings: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in endings and "dist" not in path.parts
    )


def test_the_sprite_holds_the_icons_that_the_pages_show() -> None:
    """No icon is missing, and none is sent to every reader for nothing."""
    listed = set(json.loads((FRONTEND / "icons.json").read_text()))
    pages = _read(WEB, ".html", ".py")
    quoted = set(re.findall(r"""['"]([a-z]+(?:-[a-z0-9]+)*)['"]""", pages))
    called = re.findall(r"""(?:icon|ui\.empty)\(([^)]*)""", _read(WEB / "templates", ".html"))
    named = {re.match(r"""'([\w-]+)'""", arguments) for arguments in called}

    assert {found.group(1) for found in named if found} - listed == set()
    assert listed - quoted == set()


def test_every_class_of_ours_has_a_style_and_is_used() -> None:
    """A style sheet grows old where what it speaks of is gone."""
    sheets = re.sub(r"/\*.*?\*/", "", _read(FRONTEND / "styles", ".css"), flags=re.DOTALL)
    styled = {name.removeprefix(".") for name in re.findall(r"\.hy-[\w-]+", sheets)}
    used = set(CLASS.findall(_read(WEB, ".html", ".py") + _read(FRONTEND / "src", ".js", ".jsx")))

    assert styled - used - COMPOSED == set()
    assert used - styled == set()


def test_every_text_of_the_islands_is_said() -> None:
    """No language keeps a text that nothing shows."""
    sources = "\n".join(
        path.read_text() for path in (FRONTEND / "src").rglob("*.js*") if "texts" not in path.parts
    )
    texts = (FRONTEND / "src/texts/app/zh-hans.js").read_text()
    keys = re.findall(r"^  (\w+):", texts, flags=re.MULTILINE)

    assert keys
    assert [key for key in keys if not re.search(rf"\btexts\.{key}\b", sources)] == []


def test_make_installs_anew_after_a_change_of_any_source(hook: ModuleType) -> None:
    """A style sheet or a text that was changed is in the next page that is looked at."""
    printed = subprocess.run(
        ["make", "--print-data-base", "--question", "help"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout
    watched = set(re.search(r"^SOURCES := (.*)$", printed, re.MULTILINE).group(1).split())
    read = {path.relative_to(ROOT).as_posix() for path in hook._source_files(FRONTEND)}

    assert read - watched == set()
