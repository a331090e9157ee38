"""`huiyin dmn`: evaluate a decision of a file and say why; check a file for gaps and overlaps."""

import json
import sys
from pathlib import Path

import click

from service import dmn, feel
from service.commands.dmn_files import read_with_imports
from service.commands.inputs import REFUSED, refused, surroundings, variables
from service.commands.languages import language_option
from service.dmn.analysis.words import left_off_texts, problem_text, undecided_text
from service.dmn.checking import matters
from service.dmn.model import Decision
from service.domain.errors import DeploymentRefusedError, Finding
from service.domain.languages import ENGLISH, TRADITIONAL
from service.feel.wording import Text, verbatim

NOTICED = 1
"""Exit code when a value stands, but something in the decision was null for a mistake; or when a
check has found something that may break the table."""
FAILED = 3
"""Exit code when the decision has no result because it breaks its own rules."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("dmn")
def dmn_commands() -> None:
    """Decision tables: evaluate one, check a file."""


@dmn_commands.command()
@click.argument("file", type=_FILE)
@click.option("--input", "given", default="{}", metavar="JSON", help="变量，JSON 对象。")
@click.option("--decision", "decision_id", help="决策的 id；默认取文件中最后被依赖的那一个。")
@click.option("--explain", "is_explained", is_flag=True, help="说明每个单元格的结果。")
@language_option
def evaluate(
    file: Path, given: str, decision_id: str | None, is_explained: bool, language: str
) -> None:
    """Evaluate a decision of FILE and print its value as JSON; what was noticed goes to stderr.

    Exit code: 0 when nothing was noticed, 1 with diagnostics, 2 when the file or the input cannot be
    read, 3 when the decision has no result.
    """
    definitions = _read(file, language)
    asked = _asked(definitions, decision_id, language)
    outcome = dmn.evaluate(definitions, asked, variables(given, language), surroundings())
    click.echo(json.dumps(feel.to_json(outcome.value), ensure_ascii=False))
    if is_explained:
        for line in dmn.explanation_texts(dmn.explain(definitions, outcome)):
            click.echo(line.in_language(language))
    for note in outcome.diagnostics:
        click.echo(f"[{note.kind}] {note.sentence.in_language(language)}", err=True)
    if outcome.failure_text is not None:
        click.echo(outcome.failure_text.in_language(language), err=True)
        sys.exit(FAILED)
    sys.exit(NOTICED if outcome.diagnostics else 0)


@dmn_commands.command()
@click.argument("file", type=_FILE)
@language_option
def check(file: Path, language: str) -> None:
    """Say what is wrong with the tables of FILE: gaps, overlaps, rows that never count.

    Exit code: 0 when there is nothing that may break a table, 1 when rows contradict each other, 2 when
    the file cannot be read.
    """
    definitions = _read(file, language)
    for finding in definitions.findings:
        click.echo(_told(file, finding, language))
    tables = {owned.owner_id: owned for owned in definitions.tables}
    is_broken = False
    for analysis in dmn.analyse(definitions):
        owned = tables[analysis.decision_id]
        for problem in analysis.problems:
            if not matters(problem, owned.table):
                continue
            is_broken = is_broken or problem.is_error
            row = owned.table.rules[problem.rows[0] - 1].line if problem.rows else owned.line
            severity = _ERROR if problem.is_error else _WARNING
            text = problem_text(problem, analysis.hit_policy)
            click.echo(
                f"{_place(file, row)} [{problem.kind}] "
                f"{severity.in_language(language)}{analysis.name}: {text.in_language(language)}"
            )
        for text in (*left_off_texts(analysis), *map(undecided_text, analysis.undecided)):
            click.echo(f"{_place(file, owned.line)} {analysis.name}: {text.in_language(language)}")
    sys.exit(NOTICED if is_broken else 0)


_ERROR = Text("错误 ", "error ")
_WARNING = Text("警告 ", "warning ")


def _place(file: Path, line: int | None) -> str:
    return f"{file}:{line}" if line is not None else str(file)


def _told(file: Path, finding: Finding, language: str) -> str:
    """Return a finding as a line; it may be one of a file that is imported."""
    place = _place(file.with_name(finding.resource or file.name), finding.line)
    spoken = {ENGLISH: finding.english, TRADITIONAL: finding.traditional}.get(language)
    return f"{place} [{finding.rule}] {spoken or f'{finding.message}{finding.advice}'}"


def _read(file: Path, language: str) -> dmn.Definitions:
    try:
        return read_with_imports(file)
    except DeploymentRefusedError as error:
        for finding in error.findings:
            click.echo(_told(file, finding, language), err=True)
        sys.exit(REFUSED)


def _asked(definitions: dmn.Definitions, decision_id: str | None, language: str) -> str:
    """Return the decision to evaluate: the one named, or the only one that no other requires."""
    known = [one.id for one in definitions.decisions]
    known += [one.id for one in definitions.services()]
    if decision_id is None:
        required = {
            reference.id
            for node in definitions.nodes.values()
            if isinstance(node, Decision)
            for reference in node.requires
        }
        top = [one.id for one in definitions.decisions if one.id not in required]
        decision_id = top[0] if len(top) == 1 else None
    if decision_id in known:
        return decision_id
    ids = ", ".join(known)
    named = Text(
        f"请用 --decision 指明决策：{verbatim(ids)}", f"Name a decision with --decision: {ids}"
    )
    raise refused(named, language)
