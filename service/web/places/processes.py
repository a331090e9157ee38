"""流程: what is deployed (processes, decision tables, forms), in all versions, read-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from service import bpmn
from service.identity import policy
from service.reports import processes as report
from service.reports.people import groups
from service.reports.search import contents
from service.usecases.missing_references import missing_references
from service.usecases.where_used import Place, where_used
from service.web.parts import diagrams
from service.web.parts.decision_findings import Findings, findings_of
from service.web.request import current
from service.web.request.access import signed_in
from service.web.request.session import language
from service.web.words.texts import gettext

blueprint = Blueprint("processes", __name__)

XML = "application/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"

PAGE_OF = {
    "processes": "web.processes.process",
    "decisions": "web.processes.decision",
    "forms": "web.processes.form",
}
"""Kind of definition → the page of one version."""

Used = Mapping[tuple[str, str], tuple[Place, ...]]
"""(Kind, id) of what is used → where."""


@dataclass(frozen=True)
class Listed:
    """One definition or one of its versions, as a link."""

    id: str
    name: str
    version: int
    url: str
    deployed_at: datetime
    running: int
    incidents: int


@dataclass(frozen=True)
class UsedAt:
    """One step of a process that uses a definition, as a link to the process."""

    process_name: str
    step: str
    url: str


@dataclass(frozen=True)
class Shown:
    """What the page of one version shows; exactly one of `diagram`, `decision`, `form` is there.

    Attributes:
        missing: What the diagram uses and is not deployed; told to those who could deploy or must operate.
        used_at: The steps that use it.
    """

    kind_text: str
    list_url: str
    row: report.DefinitionRow
    versions: Sequence[Listed]
    source_url: str
    diagram: dict[str, Any] | None = None
    missing: Sequence[str] = ()
    decision: dict[str, Any] | None = None
    findings: Findings | None = None
    form: dict[str, Any] | None = None
    used_at: Sequence[UsedAt] = ()


@dataclass(frozen=True)
class Tab:
    """One of the three lists."""

    label: str
    count: int
    url: str
    is_here: bool


@blueprint.get("/processes")
@signed_in
def page() -> Response:
    """Show the deployed processes, the latest version of each."""
    with current.reading() as connection:
        return _list("processes", report.counts(connection), report.processes(connection))


@blueprint.get("/decisions")
@signed_in
def decisions_page() -> Response:
    """Show the deployed decisions, the latest version of each."""
    with current.reading() as connection:
        return _list("decisions", report.counts(connection), report.decisions(connection))


@blueprint.get("/forms")
@signed_in
def forms_page() -> Response:
    """Show the deployed forms, the latest version of each."""
    with current.reading() as connection:
        used = where_used(connection, current.house().definitions)
        rows = [_named(row, used) for row in report.forms(connection)]
        return _list("forms", report.counts(connection), rows)


@blueprint.get("/processes/<int:key>")
@signed_in
def process(key: int) -> Response:
    """Show one version of a process with its diagram."""
    with current.reading() as connection:
        loaded = current.house().definitions.process(connection, key)
        rows = report.process_versions(connection, loaded.process_id, key)
        labels = diagrams.definition_labels(connection, key)
        missing = missing_references(connection, loaded) if _answers_for_diagrams() else []
        used = where_used(connection, current.house().definitions)
    return _page(
        Shown(
            kind_text=gettext("流程"),
            list_url=url_for("web.processes.page"),
            row=_of_key(rows, key),
            versions=_listed("processes", rows),
            source_url=url_for("web.processes.process_xml", key=key, download=1),
            diagram={"xmlUrl": url_for("web.processes.process_xml", key=key), "labels": labels},
            missing=[bpmn.not_deployed(use).in_language(language()) for use in missing],
            used_at=_used_at(used, "process", loaded.process_id),
        )
    )


@blueprint.get("/decisions/<int:key>")
@signed_in
def decision(key: int) -> Response:
    """Show one version of a decision as a table."""
    with current.reading() as connection:
        loaded = current.house().definitions.decision(connection, key)
        rows = report.decision_versions(connection, loaded.decision_id, key)
        names = {group.key: group.name for group in groups(connection)}
        used = where_used(connection, current.house().definitions)
    reader = current.person()
    answers_for_it = policy.may_edit_decisions(reader) or policy.may_operate(reader)
    return _page(
        Shown(
            kind_text=gettext("决策表"),
            list_url=url_for("web.processes.decisions_page"),
            row=_of_key(rows, key),
            versions=_listed("decisions", rows),
            source_url=url_for("web.processes.decision_xml", key=key, download=1),
            decision={
                "xmlUrl": url_for("web.processes.decision_xml", key=key),
                "decisionId": loaded.decision_id,
                "matched": request.args.getlist("matched"),
                "names": names,
            },
            findings=findings_of(key, loaded) if answers_for_it else None,
            used_at=_used_at(used, "decision", loaded.decision_id),
        )
    )


@blueprint.get("/forms/<int:key>")
@signed_in
def form(key: int) -> Response:
    """Show one version of a form, not to be filled in."""
    with current.reading() as connection:
        loaded = current.house().definitions.form(connection, key)
        rows = report.form_versions(connection, loaded.id, key)
        used = where_used(connection, current.house().definitions)
    return _page(
        Shown(
            kind_text=gettext("表单"),
            list_url=url_for("web.processes.forms_page"),
            row=_named(_of_key(rows, key), used),
            versions=_listed("forms", rows),
            source_url=url_for("web.processes.form_file", key=key, download=1),
            form={"schema": loaded.schema, "data": {}, "readOnly": True},
            used_at=_used_at(used, "form", loaded.id),
        )
    )


@blueprint.get("/processes/<int:key>/xml")
@signed_in
def process_xml(key: int) -> Response:
    """Answer the file of a process."""
    with current.reading() as connection:
        return _file(contents.process_file(connection, key), XML)


@blueprint.get("/decisions/<int:key>/xml")
@signed_in
def decision_xml(key: int) -> Response:
    """Answer the file that holds a decision."""
    with current.reading() as connection:
        return _file(contents.decision_file(connection, key), XML)


@blueprint.get("/forms/<int:key>/file")
@signed_in
def form_file(key: int) -> Response:
    """Answer the file of a form."""
    with current.reading() as connection:
        return _file(contents.form_file(connection, key), JSON)


def _list(here: str, counts: report.Counts, rows: Sequence[report.DefinitionRow]) -> Response:
    lists = (
        ("processes", gettext("流程"), counts.processes, "web.processes.page"),
        ("decisions", gettext("决策表"), counts.decisions, "web.processes.decisions_page"),
        ("forms", gettext("表单"), counts.forms, "web.processes.forms_page"),
    )
    tabs = [
        Tab(label, count, url_for(endpoint), kind == here) for kind, label, count, endpoint in lists
    ]
    shown = _listed(here, rows)
    return make_response(
        render_template("processes.html", tabs=tabs, rows=shown, has_counts=here == "processes")
    )


def _answers_for_diagrams() -> bool:
    reader = current.person()
    return bool(policy.may_deploy(reader) or policy.may_operate(reader))


def _listed(kind: str, rows: Sequence[report.DefinitionRow]) -> list[Listed]:
    return [
        Listed(
            row.id,
            row.name,
            row.version,
            url_for(PAGE_OF[kind], key=row.key),
            row.deployed_at,
            row.running,
            row.incidents,
        )
        for row in rows
    ]


def _named(row: report.DefinitionRow, used: Used) -> report.DefinitionRow:
    """Give a form, whose file has no name, the names of the steps where it is filled in."""
    steps = dict.fromkeys(place.step for place in used.get(("form", row.id), ()))
    return replace(row, name=gettext("、").join(steps)) if steps else row


def _used_at(used: Used, kind: str, used_id: str) -> list[UsedAt]:
    return [
        UsedAt(place.process_name, place.step, url_for(PAGE_OF["processes"], key=place.process_key))
        for place in used.get((kind, used_id), ())
    ]


def _of_key(rows: Sequence[report.DefinitionRow], key: int) -> report.DefinitionRow:
    return next(row for row in rows if row.key == key)


def _page(shown: Shown) -> Response:
    return make_response(render_template("definition.html", shown=shown, definition=shown.row))


def _file(file: contents.DeployedFile, content_type: str) -> Response:
    """Answer a file that never changes under its address."""
    answer = make_response(file.content)
    answer.content_type = content_type
    disposition = "attachment" if "download" in request.args else "inline"
    answer.headers.set("Content-Disposition", disposition, filename=file.resource_name)
    answer.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return answer
