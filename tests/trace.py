"""`python -m tests.trace`: which rule of the catalogue is carried out where, and what is missing.

A rule counts as traced when its id is quoted by a diagram (`ruleRefs`), a decision table (description or
annotation of a row), a form field (`ruleRefs`), a parameter, a test or a docstring of the service.
"""

import ast
import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT.parent / "shared" / "domain" / "rules.csv"
COPY = ROOT / "tests" / "processes" / "rules_of_issue.csv"

PREFIXES = ("FB", "FBH", "PF", "BQ", "XC", "PD", "PR", "RD")
"""Rules of the shipped processes; FBH quotes the rules of FB."""

LEFT_OPEN: Mapping[str, str] = {}
"""Rules that nothing carries out yet, with the reason; one that is quoted must leave this list."""

RULE_ID = re.compile(r"\b[A-Z]{2,4}-(?:\d+(?:\.\d+)*|X|NO|CS|AR|DM|DOC|P|T|M)-\d+\b")
PLACES = ("diagram", "table", "form", "parameter", "test", "service")


@dataclass(frozen=True)
class Quote:
    """A rule id at a place.

    Attributes:
        kind: One of `PLACES`.
        path: The file, from the root of the repository.
    """

    rule_id: str
    kind: str
    path: str


def rules() -> dict[str, str]:
    """Return the rules to trace, id → origin (`seed` or `derived`), from the catalogue or its copy."""
    source = CATALOGUE if CATALOGUE.exists() else COPY
    with source.open(encoding="utf-8", newline="") as file:
        rows = [(row["rule_id"], row["origin"]) for row in csv.DictReader(file)]
    return {rule_id: origin for rule_id, origin in rows if rule_id.split("-")[0] in PREFIXES}


def quotes() -> Iterator[Quote]:
    """Give every quoted rule id of the repository."""
    readers = (
        ("diagram", "processes/*/*.bpmn", _of_diagram),
        ("table", "processes/*/*.dmn", _of_table),
        ("form", "forms/*/*.form", _of_form),
        ("parameter", "processes/parameters.json", _of_form),
        ("test", "tests/**/*.py", _of_module),
        ("service", "service/**/*.py", _of_module),
    )
    for kind, pattern, read in readers:
        for path in sorted(ROOT.glob(pattern)):
            if path == Path(__file__).resolve():
                continue
            for text in read(path):
                for rule_id in RULE_ID.findall(text):
                    yield Quote(rule_id, kind, path.relative_to(ROOT).as_posix())


def places() -> dict[str, dict[str, set[str]]]:
    """Return where each rule is quoted: rule id → kind of place → files."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quote in quotes():
        found[quote.rule_id][quote.kind].add(quote.path)
    return found


def missing() -> set[str]:
    """Return the rules that nothing quotes."""
    return set(rules()) - set(places())


def main() -> int:
    """Print the coverage and return 1 when a rule is missing that is not left open."""
    wanted, found = rules(), places()
    for line in _report(wanted, found):
        print(line)
    return 1 if set(wanted) - set(found) - set(LEFT_OPEN) else 0


def _report(
    wanted: Mapping[str, str], found: Mapping[str, Mapping[str, set[str]]]
) -> Iterator[str]:
    yield f"{'':8}{'rules':>8}{'traced':>8}" + "".join(f"{kind:>11}" for kind in PLACES)
    for prefix in PREFIXES:
        own = [rule_id for rule_id in wanted if rule_id.split("-")[0] == prefix]
        if not own:
            continue
        traced = [rule_id for rule_id in own if rule_id in found]
        counts = [sum(kind in found[rule_id] for rule_id in traced) for kind in PLACES]
        cells = "".join(f"{count:>11}" for count in counts)
        yield f"{prefix:8}{len(own):>8}{len(traced):>8}{cells}"
    if "-v" in sys.argv:
        for rule_id, origin in wanted.items():
            at = [f"{kind}: {', '.join(sorted(files))}" for kind, files in found[rule_id].items()]
            yield f"{rule_id} ({origin}): {'; '.join(at)}"
    for rule_id in sorted(set(wanted) - set(found)):
        yield f"missing: {rule_id} ({LEFT_OPEN.get(rule_id, 'nothing quotes it')})"
    untested = sorted(rule_id for rule_id in wanted if "test" not in found.get(rule_id, {}))
    yield f"quoted by no test: {', '.join(untested) or 'none'}"


def _of_diagram(path: Path) -> Iterator[str]:
    for element in etree.parse(path).iter("{*}property"):
        if element.get("name") == "ruleRefs":
            yield element.get("value") or ""


def _of_table(path: Path) -> Iterator[str]:
    tree = etree.parse(path)
    for rule in tree.iter("{*}rule"):
        yield rule.findtext("{*}description") or ""
        for entry in rule.findall("{*}annotationEntry"):
            yield entry.findtext("{*}text") or ""


def _of_form(path: Path) -> Iterator[str]:
    yield from _rule_refs(json.loads(path.read_bytes()))


def _rule_refs(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _rule_refs(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from [str(value)] if name == "ruleRefs" else _rule_refs(value)


def _of_module(path: Path) -> Iterator[str]:
    """Give the docstrings of a module: texts that stand alone as a statement."""
    text = path.read_text(encoding="utf-8")
    if not RULE_ID.search(text):
        return  # To parse all modules would take seconds.
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


if __name__ == "__main__":
    sys.exit(main())
