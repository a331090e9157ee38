"""The rules of the house that a tool can hold."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for room in ("service", "workers")
    for path in (ROOT / room).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc", "base_utils"}


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# One test for all modules: as a test for each they were a quarter of all tests, and what a test costs by
# itself (to be collected in every process, sent, reported) was more than what it does.


def test_a_module_is_one_topic() -> None:
    """No module has more than 450 lines, and none is called by a name that says nothing."""
    lines = {_id(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 450} == {}
    assert [_id(path) for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


def test_what_is_public_is_described() -> None:
    """Every module, public class and public function has a docstring."""
    missing = [f"{_id(path)}: {name}" for path in MODULES for name in _undescribed(path)]
    assert missing == []


def _undescribed(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return ([] if ast.get_docstring(tree) else ["the module"]) + [
        f"{node.name} (line {node.lineno})"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_only_the_unit_commits() -> None:
    """`connection.commit()` stands in `persistence/unit.py` and nowhere else."""
    calls = {_id(path): found for path in MODULES if (found := _commits(path))}
    assert list(calls) == ["service/persistence/unit.py"], calls


def _commits(path: Path) -> list[int]:
    text = path.read_text()
    if ".commit" not in text:
        return []  # Few files name it at all: the trees of the others need not be walked.
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and ast.unparse(node.func.value).endswith(("connection", "transaction", "session"))
    ]


def test_every_background_job_is_registered() -> None:
    """Each name of `domain.jobs` has a job in the workers, and the workers have no other."""
    from service.domain import jobs
    from workers.jobs import REGISTERED

    assert set(REGISTERED) == set(jobs.ALL)


def test_every_setting_stands_in_the_readme() -> None:
    """Each `HUIYIN_…` setting is explained to the newcomer."""
    from service.settings import READERS

    text = (ROOT / "README.md").read_text()
    missing = [name for name in READERS if f"HUIYIN_{name.upper()}" not in text]
    assert missing == []


def test_no_file_names_a_machine() -> None:
    """Nothing that is committed names a path of somebody's machine."""
    pattern = re.compile(r"/(work|home|root|Users)/[a-z]")
    named = [
        _id(path)
        for folder in ("service", "workers", "docs", "processes", "forms", "tests", "frontend/src")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".md", ".js", ".bpmn", ".dmn", ".form", ".html", ".json"}
        and not {"dist", "node_modules"} & set(path.parts)
        and path != Path(__file__)
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert named == []
