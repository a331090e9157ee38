"""What the documents name is there: files, tests, pictures."""

import fnmatch
import re
from itertools import chain
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]

FOLDERS = ("bench", "demo", "docs", "forms", "processes", "service", "tests", "workers")
FRONTEND = ("bundle", "src", "styles", "tests")

#: What the build makes, and a package that is spelled like a file.
NO_FILES = {"service/web/static/dist", "manifest.json", "dist/manifest.json", "service.bpmn"}

PATH = re.compile(
    r"[\w.*-]+(?:/[\w.*-]+)*\.(?:py|md|mjs|jsx?|json|html|css|bpmn|dmn|form|csv|sh)"
    r"|(?:service|tests|docs|workers|frontend|processes|forms|bench|demo)/[\w./*-]+"
)


def _files() -> set[str]:
    """Return the files of the house, without what is installed, built or kept as data."""
    folders = [ROOT / name for name in FOLDERS] + [ROOT / "frontend" / name for name in FRONTEND]
    inside = (path for folder in folders for path in folder.rglob("*.*"))
    return {
        path.relative_to(ROOT).as_posix()
        for path in chain(ROOT.glob("*.*"), (ROOT / "frontend").glob("*.*"), inside)
        if not {"dist", "node_modules", "__pycache__"} & set(path.parts)
    }


def _spelled_out(quoted: str) -> list[str]:
    """Return what `a/{b,c}.py` stands for."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", quoted)
    if not found:
        return [quoted.strip().rstrip("/")]
    before, after = quoted[: found.start()], quoted[found.end() :]
    choices = (_spelled_out(before + one + after) for one in found.group(1).split(","))
    return list(chain.from_iterable(choices))


def test_every_file_that_a_document_names_is_there() -> None:
    """Whoever follows a document finds what it speaks of; what was moved is named anew."""
    files = _files()
    folders = {str(folder) for file in files for folder in PurePosixPath(file).parents}
    endings = {
        "/".join(parts[start:])
        for parts in (PurePosixPath(one).parts for one in files | folders)
        for start in range(len(parts))
    }
    named = {
        (document, path)
        for document in sorted(file for file in files if file.endswith(".md"))
        for quoted in re.findall(r"`([^`\n]+)`", (ROOT / document).read_text(encoding="utf-8"))
        for path in _spelled_out(quoted)
        if PATH.fullmatch(path) and path not in NO_FILES
    }

    assert named
    assert {
        (document, path)
        for document, path in named
        if path not in endings and not fnmatch.filter(endings, path)
    } == set()


def test_every_link_of_a_document_leads_somewhere() -> None:
    """Pictures and other documents."""
    broken = [
        (document, target)
        for document in sorted(file for file in _files() if file.endswith(".md"))
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8"))
        if "://" not in target and not (ROOT / document).parent.joinpath(target).exists()
    ]

    assert broken == []


def test_every_room_stands_on_the_map() -> None:
    """A newcomer finds each part of `service/` in the README, and nothing that is not there."""
    house = (ROOT / "README.md").read_text(encoding="utf-8").split("## The house")[1]
    part = house.split("\nservice/\n")[1].split("\nworkers/")[0]
    named = (re.split(r" {3,}", line.strip())[0] for line in part.splitlines())
    rooms = {path.stem for path in (ROOT / "service").glob("[a-z]*") if path.suffix in ("", ".py")}

    assert {word.rstrip("/") for words in named for word in words.split()} == rooms
